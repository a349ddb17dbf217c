//! The answer to something that was made.

use std::fmt::Display;

use axum::http::{HeaderName, StatusCode, header};

use super::Json;

/// 201 with the place of what was made, and what there is to say of it.
pub type Made<T> = (StatusCode, [(HeaderName, String); 1], Json<T>);

/// The answer to something that was made; `list` is the address of its list, below the API's prefix.
pub fn made<T>(list: &str, id: impl Display, body: T) -> Made<T> {
    (StatusCode::CREATED, [(header::LOCATION, format!("/api/v1{list}/{id}"))], Json(body))
}
