//! `/v1/tasks`

mod create;
