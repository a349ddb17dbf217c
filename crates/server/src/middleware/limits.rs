//! How often one address or one account may ask (R-ID-26).

use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use kernel::actor::Origin;
use kernel::{Actor, AppError};
use platform::App;
use platform::config::Config;
use platform::web::Problem;

/// Counts requests in this process. Processes of one installation count apart: the limits protect each of them.
#[derive(Clone)]
pub struct Limiter {
    auth: Arc<DefaultKeyedRateLimiter<String>>,
    address: Arc<DefaultKeyedRateLimiter<String>>,
    account: Arc<DefaultKeyedRateLimiter<String>>,
}

fn per_minute(count: u32) -> Arc<DefaultKeyedRateLimiter<String>> {
    Arc::new(RateLimiter::keyed(Quota::per_minute(NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN))))
}

impl Limiter {
    /// Limits as configured.
    pub fn new(config: &Config) -> Self {
        Self {
            auth: per_minute(config.limits.auth_per_minute),
            // Many patients may sit behind one address.
            address: per_minute(config.limits.requests_per_minute.saturating_mul(5)),
            account: per_minute(config.limits.requests_per_minute),
        }
    }
}

fn ask(limiter: &DefaultKeyedRateLimiter<String>, key: String) -> Result<(), Problem> {
    limiter.check_key(&key).map_err(|not_until| {
        let wait = not_until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
        AppError::too_many("rate_limited", "Too many requests. Please wait a moment.", wait).into()
    })
}

/// Whether passwords, codes and addresses are tried here: `/api/v1/{guard}/auth/..`, and the forms of the sign-in, the
/// sign-up and the forgotten password (R-ID-26).
fn tries_secrets(path: &str, method: &Method) -> bool {
    const FORMS: [&str; 5] = ["/login", "/forgot", "/sign-up", "/set-password", "/dispute-email"];
    if let Some(rest) = path.strip_prefix("/api/v1/") {
        return rest.split('/').nth(1) == Some("auth");
    }
    method == Method::POST && FORMS.iter().any(|form| path.contains(form))
}

/// Limits per address: tighter where passwords and codes are tried.
pub async fn by_address(State((_, limiter)): State<(App, Limiter)>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/assets/") {
        return next.run(request).await;
    }
    if let Some(ip) = request.extensions().get::<Origin>().and_then(|origin| origin.ip.clone()) {
        let limit = if tries_secrets(path, request.method()) { &limiter.auth } else { &limiter.address };
        if let Err(problem) = ask(limit, ip) {
            return problem.into_response();
        }
    }
    next.run(request).await
}

/// Limits per account on the API.
pub async fn by_account(State((_, limiter)): State<(App, Limiter)>, request: Request, next: Next) -> Response {
    if let Some((kind, Some(id))) = request.extensions().get::<Actor>().map(Actor::reference)
        && let Err(problem) = ask(&limiter.account, format!("{kind}:{id}"))
    {
        return problem.into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_secrets_are_tried() {
        for path in ["/api/v1/patient/auth/login", "/api/v1/admin/auth/password/verify"] {
            assert!(tries_secrets(path, &Method::POST), "{path}");
        }
        for path in ["/login", "/admin/login/code", "/provider/forgot/code", "/sign-up/verify"] {
            assert!(tries_secrets(path, &Method::POST) && !tries_secrets(path, &Method::GET), "{path}");
        }
        assert!(!tries_secrets("/api/v1/inquiries/auth-codes", &Method::GET));
    }
}
