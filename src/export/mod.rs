//! What leaves the program as data: the JSON of the commands, and files of deals.
//!
//! Nothing here knows a terminal or a path: a writer is passed in, but for [`mod@file`], which puts
//! a whole file in place or none. Text leaves under a [`Mask`](crate::domain::shown::Mask).

pub mod after;
pub mod calendar;
pub mod crm;
pub mod deals;
pub mod draft;
pub mod file;
pub mod json;
pub mod minutes;
pub mod notes;
pub mod own;
pub mod report;
pub mod show;
