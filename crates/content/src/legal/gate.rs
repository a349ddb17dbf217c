//! The door in front of everything that is written: it stays shut until the texts in force are agreed to (R-CM-83).
//!
//! Reading stays possible, and so does what concerns the account itself: signing in and out, its security, its privacy, and
//! agreeing.

use axum::http::Method;
use kernel::{Actor, AppError, AppResult};
use platform::App;
use serde_json::json;

use super::kept::due;
use super::rules::Series;

/// Routes of the API that stay open, relative to its prefix; `*` is one segment, and each covers everything below it.
const OPEN: &[&str] = &[
    "*/auth",
    "invitations",
    "webhooks",
    "me/legal",
    "me/consents",
    "me/password",
    "me/email",
    "me/mfa",
    "me/sessions",
    "me/tokens",
    "me/deletion-request",
    "me/data-bundle",
    // These only note that something was read, or open something for reading.
    "notifications/read-all",
    // Whoever looks through somebody's eyes may always stop.
    "admin/impersonation/end",
    "notifications/*/read",
    "conversations/*/read",
    "admin/patients/*/medical-access",
    "admin/audit-logs/export",
];

/// Forms of pages that stay open.
const OPEN_PAGES: &[&str] = &[
    "logout",
    "*/login",
    "patient/legal",
    "*/account",
    "patient/security",
    "patient/privacy",
    "patient/profile/consents",
    "*/notifications/read-all",
    "admin/aftercare/*/reason",
    "admin/audit/export",
    "admin/impersonation/end",
];

/// Whether one of the patterns is this path or lies above it; `*` is one segment.
pub fn covers(patterns: &[&str], path: &str) -> bool {
    let path = path.trim_start_matches('/');
    patterns.iter().any(|pattern| {
        let mut path = path.split('/');
        pattern.split('/').all(|want| path.next().is_some_and(|have| want == "*" || want == have))
    })
}

/// Whether a request only reads.
pub fn reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether the form of a page may be sent whatever is due.
pub fn is_open_page(path: &str) -> bool {
    covers(OPEN_PAGES, path)
}

/// Lets a request of the API pass; `path` is relative to its prefix.
///
/// Errors: 403 `legal_acceptance_required` with the documents.
pub async fn pass(app: &App, actor: &Actor, method: &Method, path: &str) -> AppResult<()> {
    if reads(method) || covers(OPEN, path) {
        return Ok(());
    }
    let open = due(app, actor).await?;
    if open.is_empty() { Ok(()) } else { Err(refusal(&open)) }
}

/// The refusal of a write, with what has to be agreed to.
pub fn refusal(open: &[Series]) -> AppError {
    let documents: Vec<_> = open
        .iter()
        .filter_map(|series| {
            let edition = series.current()?;
            Some(json!({ "document_type": series.kind, "version": edition.label, "document_id": edition.ids.first() }))
        })
        .collect();
    let detail = "Our terms have changed. Read and accept them first; until then everything can be read.";
    AppError::denied("legal_acceptance_required", detail).with("documents", documents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_cm_83_what_concerns_the_account_stays_open() {
        for path in [
            "/patient/auth/logout",
            "/admin/auth/reauth",
            "/admin/impersonation/end",
            "/me/legal/acceptances",
            "/me/password",
            "/me/mfa/totp",
        ] {
            assert!(covers(OPEN, path), "{path}");
        }
        for path in ["/me/deletion-request", "/me/data-bundle/7/download", "/conversations/7/read", "/me/sessions/7"] {
            assert!(covers(OPEN, path), "{path}");
        }
        for path in ["/me", "/me/image", "/inquiries", "/quotes/7/accept", "/conversations/7/messages", "/me/reviews"] {
            assert!(!covers(OPEN, path), "{path}");
        }
        for path in [
            "/provider/account/mfa/begin",
            "/patient/security/password",
            "/admin/account/legal",
            "/patient/legal",
            "/logout",
        ] {
            assert!(is_open_page(path), "{path}");
        }
        for path in ["/patient/profile", "/patient/request/start", "/admin/legal-documents/7/publish", "/provider/team"]
        {
            assert!(!is_open_page(path), "{path}");
        }
    }
}
