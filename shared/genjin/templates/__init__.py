"""Process templates: the language they are written in, and the ones that ship with Genjin."""
