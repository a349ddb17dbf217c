//! Glue between axum and the use cases: extractors that refuse clearly and errors every reader understands.

mod csrf;
mod extract;
mod filter;
mod made;
mod policy;
mod problem;
pub mod routing;

pub use csrf::{CsrfForm, CsrfToken};
pub use extract::{Json, Lang, Multipart, Path, Query, UploadedFile, Who, files_of};
pub use filter::{like_begins, like_contains};
pub use made::{Made, made};
pub use policy::{Embeds, FormTarget};
pub use problem::{ApiResult, Problem, ProblemDocument, RequestId, finish_problem, refusal_code, status_of};
