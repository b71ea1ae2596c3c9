"""Dragoman reads Chinese diplomatic news into a record of events that can be checked."""
