# Short names for what run.py and the tools do; nothing here that they cannot do alone.
PYTHON ?= python3
.PHONY: demo test lock picture speed

demo:
	$(PYTHON) run.py demo

test:
	$(PYTHON) run.py test

# Needs uv. The lock names neither an index nor a path, so that it serves every machine.
lock:
	uv pip compile --universal --generate-hashes --no-header --extra dev pyproject.toml -o requirements.lock

picture:
	$(PYTHON) run.py -- --version
	.venv/bin/python tools/make_picture.py

speed:
	.venv/bin/python benchmarks/speed.py
