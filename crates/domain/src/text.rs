//! Dynamic data in texts: `{{ name | filter }}` and nothing else (E14).
