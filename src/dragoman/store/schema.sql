-- The record on disk, format 2. Text ids (document, report, event) are what users see and are the same whenever the
-- same is read; integer ids are only this file's. Days are EDTF as reports have them; `first` and `last` are plain days.

-- Pages, verbatim. `name` is the id that the source gave; `document` is it too, unless another page had it.
-- `given` holds what reading starts from beside text and url; `content` is the hash of all of that, `twin` of text,
-- title and day. `reader` is the program and pack that read it; null: not read yet. A copy is not read.
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    document TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    source TEXT NOT NULL,
    url TEXT,
    title TEXT,
    published TEXT,
    published_basis TEXT,
    agency TEXT,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    given TEXT NOT NULL,
    content TEXT NOT NULL,
    twin TEXT NOT NULL,
    copy_of INTEGER REFERENCES documents (id),
    reader TEXT,
    notes TEXT NOT NULL
);
CREATE INDEX documents_name ON documents (name);
CREATE INDEX documents_twin ON documents (twin);
CREATE INDEX documents_copy ON documents (copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX documents_reader ON documents (reader);
CREATE INDEX documents_agency ON documents (agency, published);
CREATE INDEX documents_published ON documents (published);

CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    item TEXT NOT NULL,
    title TEXT,
    published TEXT,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    UNIQUE (document, item)
);

-- What each item says. `own_event` is the event id that reading alone gives. No type: 5 stays 5 and 5.0 stays 5.0.
CREATE TABLE reports (
    id INTEGER PRIMARY KEY,
    report TEXT NOT NULL UNIQUE,
    item INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    own_event TEXT NOT NULL,
    kind TEXT NOT NULL,
    mode TEXT,
    status TEXT NOT NULL,
    name TEXT,
    start TEXT,
    "end" TEXT,
    place TEXT,
    place_country TEXT,
    amount,
    currency TEXT,
    post TEXT,
    confidence REAL NOT NULL,
    rule TEXT NOT NULL
);
CREATE INDEX reports_item ON reports (item);

-- Everybody by spelling, country and kind; `folded` is the name in simplified characters and small letters, and linking
-- says by `person` which spellings are one.
CREATE TABLE names (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    country TEXT,
    kind TEXT NOT NULL,
    person TEXT NOT NULL
);
CREATE UNIQUE INDEX names_spelling ON names (name, kind, ifnull(country, ''));
CREATE INDEX names_person ON names (person);

CREATE TABLE participants (
    report INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    role TEXT NOT NULL,
    who INTEGER NOT NULL REFERENCES names (id),
    post TEXT,
    PRIMARY KEY (report, n)
) WITHOUT ROWID;
CREATE INDEX participants_who ON participants (who, report);

CREATE TABLE facts (
    id INTEGER PRIMARY KEY,
    item INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    fact TEXT NOT NULL,
    fields TEXT NOT NULL,
    rule TEXT NOT NULL,
    UNIQUE (item, n)
);

-- Offsets into the text of the document, in Unicode code points.
CREATE TABLE evidence (
    report INTEGER REFERENCES reports (id) ON DELETE CASCADE,
    fact INTEGER REFERENCES facts (id) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    CHECK ((report IS NULL) <> (fact IS NULL)),
    CHECK (0 <= start AND start < "end")
);
CREATE INDEX evidence_report ON evidence (report) WHERE report IS NOT NULL;
CREATE INDEX evidence_fact ON evidence (fact) WHERE fact IS NOT NULL;

-- Events: each once, made from its reports. `seen_*` are the days on which it was first and last told of.
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    event TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    mode TEXT,
    status TEXT NOT NULL,
    name TEXT,
    start TEXT,
    "end" TEXT,
    place TEXT,
    place_country TEXT,
    first TEXT,
    last TEXT,
    reports INTEGER NOT NULL,
    documents INTEGER NOT NULL,
    seen_first TEXT,
    seen_last TEXT
);
CREATE INDEX events_first ON events (first, last);
CREATE INDEX events_kind ON events (kind, first);
CREATE INDEX events_status ON events (status, first);

-- Which event a report tells, and the evidence for which it was put there (null: it was the first, or alone).
CREATE TABLE event_reports (
    report INTEGER PRIMARY KEY REFERENCES reports (id) ON DELETE CASCADE,
    event INTEGER NOT NULL REFERENCES events (id),
    why TEXT
);
CREATE INDEX event_reports_event ON event_reports (event);

-- Under which keys linking finds events (shelf.py).
CREATE TABLE event_keys (
    key INTEGER NOT NULL,
    event INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    PRIMARY KEY (key, event)
) WITHOUT ROWID;
CREATE INDEX event_keys_event ON event_keys (event);

-- What events are looked up by, country and agency, in the order of their first days (empty if it is not known).
CREATE TABLE event_facets (
    facet TEXT NOT NULL,
    value TEXT NOT NULL,
    first TEXT NOT NULL,
    event INTEGER NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    PRIMARY KEY (facet, value, first, event)
) WITHOUT ROWID;
CREATE INDEX event_facets_event ON event_facets (event);

CREATE VIEW persons AS
SELECT names.person, names.name, names.country, count(*) AS reports
FROM names JOIN participants ON participants.who = names.id
WHERE names.kind = 'person' GROUP BY names.id;

CREATE VIEW posts AS
SELECT names.person, names.name, names.country, participants.post,
    min(items.published) AS seen_first, max(items.published) AS seen_last, count(*) AS reports
FROM participants JOIN names ON names.id = participants.who
JOIN reports ON reports.id = participants.report JOIN items ON items.id = reports.item
WHERE names.kind = 'person' AND participants.post IS NOT NULL GROUP BY names.id, participants.post;

-- What somebody says of reports, beside them. `subject` and `object` are text ids of reports, several with blanks between,
-- so that it outlives re-reading.
CREATE TABLE judgements (
    judgement TEXT PRIMARY KEY,
    verdict TEXT NOT NULL CHECK (verdict IN ('same', 'different', 'wrong', 'right', 'field')),
    subject TEXT NOT NULL,
    object TEXT,
    field TEXT,
    value TEXT,
    who TEXT NOT NULL,
    at TEXT NOT NULL,
    why TEXT NOT NULL,
    undone_who TEXT,
    undone_at TEXT,
    undone_why TEXT
);
CREATE INDEX judgements_subject ON judgements (subject);
CREATE INDEX judgements_object ON judgements (object) WHERE object IS NOT NULL;

-- What a judgement moved: where each report of the events concerned was before and after it, by text ids (null: in none).
CREATE TABLE moves (
    judgement TEXT NOT NULL REFERENCES judgements (judgement) ON DELETE CASCADE,
    report TEXT NOT NULL,
    before TEXT,
    why TEXT,
    after TEXT,
    PRIMARY KEY (judgement, report)
) WITHOUT ROWID;

-- What was read where a field of a report is corrected now, as JSON; the report itself has what is right.
CREATE TABLE originals (
    report INTEGER NOT NULL REFERENCES reports (id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (report, field)
) WITHOUT ROWID;

-- Loading: files that were read to their end, what was not read, each load, and what re-reading changed.
CREATE TABLE files (
    path TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    pages INTEGER NOT NULL
);
CREATE TABLE skips (
    source TEXT NOT NULL,
    place TEXT NOT NULL,
    sort TEXT NOT NULL CHECK (sort IN ('empty', 'foreign', 'failed')),
    reason TEXT NOT NULL,
    load INTEGER NOT NULL,
    PRIMARY KEY (source, place, reason)
);
CREATE TABLE loads (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT,
    reader TEXT NOT NULL,
    paths TEXT NOT NULL,
    counts TEXT NOT NULL
);
CREATE TABLE changes (
    load INTEGER NOT NULL REFERENCES loads (id),
    document TEXT NOT NULL,
    item TEXT NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('added', 'gone', 'changed')),
    old TEXT,
    new TEXT,
    fields TEXT
);
CREATE INDEX changes_old ON changes (old) WHERE old IS NOT NULL;

-- Words of items (words.py makes the tokens); the row's id is the item's. The words themselves are not stored again.
CREATE VIRTUAL TABLE words USING fts5 (
    title, text, content = '', columnsize = 0, tokenize = 'unicode61 remove_diacritics 2'
);
