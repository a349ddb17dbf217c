//! How often one address or one account may ask (R-ID-26).

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::extract::{Query, Request, State};
use axum::http::{Method, Uri};
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
    auth: Arc<Limit>,
    address: Arc<Limit>,
    account: Arc<Limit>,
    people: Arc<Limit>,
    clinics: Arc<Limit>,
}

/// One limit, and how often it was asked: whoever was not seen for long is forgotten now and then.
struct Limit {
    rates: DefaultKeyedRateLimiter<String>,
    asked: AtomicU32,
}

/// After so many questions a limit forgets those who may ask as if for the first time.
const SWEEP: u32 = 10_000;

/// Searches for people an account may make within the hour. Fixed: who needs more reads a list nobody should have.
const SEARCHES: u32 = 100;

/// Searches for clinics an account may make within the hour (R-IQ-85).
const CLINIC_SEARCHES: u32 = 100;

fn per_hour(count: u32) -> Arc<Limit> {
    Limit::of(Quota::per_hour(NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN)))
}

fn per_minute(count: u32) -> Arc<Limit> {
    Limit::of(Quota::per_minute(NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN)))
}

impl Limit {
    fn of(quota: Quota) -> Arc<Self> {
        Arc::new(Self { rates: RateLimiter::keyed(quota), asked: AtomicU32::new(0) })
    }
}

impl Limiter {
    /// Limits as configured.
    pub fn new(config: &Config) -> Self {
        Self {
            auth: per_minute(config.limits.auth_per_minute),
            // Many patients may sit behind one address.
            address: per_minute(config.limits.requests_per_minute.saturating_mul(5)),
            account: per_minute(config.limits.requests_per_minute),
            people: per_hour(SEARCHES),
            clinics: per_hour(CLINIC_SEARCHES),
        }
    }
}

fn ask(limit: &Limit, key: String) -> Result<(), Problem> {
    if limit.asked.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
        limit.rates.retain_recent();
    }
    limit.rates.check_key(&key).map_err(|not_until| {
        let wait = not_until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
        AppError::too_many("rate_limited", "Too many requests. Please wait a moment.", wait).into()
    })
}

/// Whether passwords, codes and addresses are tried here: `/api/v1/{guard}/auth/..`, invitations and new proofs over the
/// API, and the forms of the sign-in, the sign-up, the forgotten password and all links of mails (R-ID-26).
fn tries_secrets(path: &str, method: &Method) -> bool {
    const FORMS: [&str; 7] =
        ["/login", "/forgot", "/sign-up", "/set-password", "/dispute-email", "/invitation", "/activate"];
    const OWN: [&str; 4] = ["me/password", "me/email", "me/mfa", "invitations/"];
    const ACCOUNT: [&str; 3] = ["/email/code", "/mfa", "/password"];
    if let Some(rest) = path.strip_prefix("/api/v1/") {
        let tried = method != Method::GET && OWN.iter().any(|start| rest.starts_with(start));
        // Whoever ends a session tries nothing.
        let leaves = rest.ends_with("/logout") || rest.ends_with("/logout-all");
        return tried || (rest.split('/').nth(1) == Some("auth") && !leaves);
    }
    if path == "/oauth/token" {
        return true;
    }
    let rest =
        ["/provider", "/admin", "/affiliate"].iter().find_map(|portal| path.strip_prefix(portal)).unwrap_or(path);
    let is_form = FORMS.iter().any(|form| {
        let after = rest.strip_prefix(*form);
        after.is_some_and(|after| after.is_empty() || after.starts_with('/'))
    });
    let is_own = path.contains("/account/") || path.starts_with("/patient/security/");
    method == Method::POST && (is_form || (is_own && ACCOUNT.iter().any(|end| path.ends_with(end))))
}

/// Limits per address: tighter where passwords and codes are tried.
///
/// An address with too many failures is out wherever secrets are tried (R-ID-25). The sign-in and the grants of OAuth
/// look for themselves: passwords they put on record, and they refuse in words of their own.
pub async fn by_address(State((app, limiter)): State<(App, Limiter)>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/assets/") {
        return next.run(request).await;
    }
    if let Some(ip) = request.extensions().get::<Origin>().and_then(|origin| origin.ip.clone()) {
        let tries = tries_secrets(path, request.method());
        let limit = if tries { &limiter.auth } else { &limiter.address };
        if let Err(problem) = ask(limit, ip.clone()) {
            return problem.into_response();
        }
        if tries
            && !path.ends_with("/login")
            && path != "/oauth/token"
            && let Err(error) = identity::service::throttles::require_address_open(&app, &ip).await
        {
            return Problem::from(error).into_response();
        }
    }
    next.run(request).await
}

/// Limits per account on the API.
pub async fn by_account(State((app, limiter)): State<(App, Limiter)>, request: Request, next: Next) -> Response {
    if let Some((kind, Some(id))) = request.extensions().get::<Actor>().map(Actor::reference)
        && let Err(problem) = ask(&limiter.account, format!("{kind}:{id}"))
    {
        return problem.into_response();
    }
    by_searcher(State((app, limiter)), request, next).await
}

/// Whether words are searched for, however the question is spelt.
fn searches(uri: &Uri) -> bool {
    let asked = Query::<Vec<(String, String)>>::try_from_uri(uri);
    asked.is_ok_and(|Query(pairs)| pairs.iter().any(|(key, value)| key == "q" && !value.is_empty()))
}

/// Where staff look for somebody by name, address or code: patients, their cases, offers and reviews,
/// Hairline's staff, clinics' staff, partners.
const PEOPLE: [&str; 7] = [
    "/admin/patients",
    "/admin/users",
    "/admin/provider-users",
    "/admin/cases",
    "/admin/quotes",
    "/admin/reviews",
    "/admin/affiliates",
];

fn searches_people(uri: &Uri) -> bool {
    let path = uri.path().strip_prefix("/api/v1").unwrap_or(uri.path());
    PEOPLE.contains(&path) && searches(uri)
}

/// Whether a clinic is looked for by words: over the API, on the public page or in the wizard.
fn searches_clinics(uri: &Uri) -> bool {
    ["/api/v1/providers", "/clinics", "/patient/request/clinics"].contains(&uri.path()) && searches(uri)
}

/// Limits of one account that looks for people or clinics, on the API and on pages (R-ID-26, R-IQ-85).
pub async fn by_searcher(State((_, limiter)): State<(App, Limiter)>, request: Request, next: Next) -> Response {
    let uri = request.uri();
    let limit = match () {
        () if searches_people(uri) => Some(&limiter.people),
        () if searches_clinics(uri) => Some(&limiter.clinics),
        () => None,
    };
    if let Some(limit) = limit
        && let Some((kind, Some(id))) = request.extensions().get::<Actor>().map(Actor::reference)
        && let Err(problem) = ask(limit, format!("{kind}:{id}"))
    {
        return problem.into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(text: &str) -> Uri {
        text.parse().unwrap()
    }

    #[test]
    fn where_secrets_are_tried() {
        for path in ["/api/v1/patient/auth/login", "/api/v1/admin/auth/password/verify"] {
            assert!(tries_secrets(path, &Method::POST), "{path}");
        }
        for path in ["/api/v1/invitations/accept", "/api/v1/me/password", "/invitation/accept", "/affiliate/activate"] {
            assert!(tries_secrets(path, &Method::POST) && !tries_secrets(path, &Method::GET), "{path}");
        }
        for path in ["/login", "/admin/login/code", "/provider/forgot/code", "/sign-up/verify"] {
            assert!(tries_secrets(path, &Method::POST) && !tries_secrets(path, &Method::GET), "{path}");
        }
        assert!(!tries_secrets("/api/v1/inquiries/auth-codes", &Method::GET));
        for path in ["/patient/security/email/code", "/provider/account/mfa", "/admin/account/password"] {
            assert!(tries_secrets(path, &Method::POST), "{path}");
        }
        for path in [
            "/api/v1/patient/auth/logout",
            "/api/v1/admin/auth/logout-all",
            "/provider/team/invitations/1/resend",
            "/admin/users/invitations/1/cancel",
            "/patient/messages/login",
            "/clinics/sign-up",
        ] {
            assert!(!tries_secrets(path, &Method::POST), "{path} tries nothing");
        }
    }

    #[test]
    fn a_list_is_no_search() {
        assert!(searches_people(&uri("/api/v1/admin/patients?page=2&q=mark")));
        assert!(searches_people(&uri("/admin/patients?q=PAT-007")));
        assert!(searches_people(&uri("/api/v1/admin/users?%71=mark")), "spelt differently it is the same");
        assert!(searches_people(&uri("/admin/provider-users?q=anna")));
        assert!(searches_people(&uri("/admin/cases?q=peterson")) && searches_people(&uri("/admin/quotes?q=peterson")));
        for asked in ["/admin/patients?q=", "/admin/patients?page=2", "/clinics?q=istanbul", "/admin/patients"] {
            assert!(!searches_people(&uri(asked)), "{asked}");
        }
    }

    #[test]
    fn r_iq_85_a_hundred_searches_for_clinics_an_hour() {
        for path in ["/api/v1/providers", "/clinics", "/patient/request/clinics"] {
            assert!(
                searches_clinics(&uri(&format!("{path}?sort=price&q=istanbul")))
                    && !searches_clinics(&uri(&format!("{path}?sort=price&q="))),
                "{path}"
            );
        }
        assert!(!searches_clinics(&uri("/clinics/bosphorus-hair?q=istanbul")));
        let limiter = Limiter::new(&Config::for_test("/nowhere".into(), "sqlite::memory:".to_owned(), 1));
        for _ in 0..100 {
            assert!(ask(&limiter.clinics, "Patient:1".to_owned()).is_ok());
        }
        assert_eq!(ask(&limiter.clinics, "Patient:1".to_owned()).unwrap_err().0.code, "rate_limited");
        assert!(ask(&limiter.clinics, "Patient:2".to_owned()).is_ok());
        assert!(ask(&limiter.people, "Patient:1".to_owned()).is_ok(), "people are counted apart");
    }

    #[test]
    fn r_id_26_sixty_sign_ins_of_an_address_and_a_hundred_requests_of_an_account() {
        let mut config = Config::for_test("/nowhere".into(), "sqlite::memory:".to_owned(), 1);
        (config.limits.auth_per_minute, config.limits.requests_per_minute) = (60, 100);
        let limiter = Limiter::new(&config);
        for (limit, most) in [(&limiter.auth, 60), (&limiter.account, 100)] {
            for _ in 0..most {
                assert!(ask(limit, "one".to_owned()).is_ok());
            }
            let refused = ask(limit, "one".to_owned()).unwrap_err().0;
            assert_eq!((refused.code.as_ref(), refused.retry_after.is_some()), ("rate_limited", true));
            assert!(ask(limit, "another".to_owned()).is_ok());
        }
    }

    #[test]
    fn r_id_26_a_hundred_searches_an_hour() {
        let limiter = Limiter::new(&Config::for_test("/nowhere".into(), "sqlite::memory:".to_owned(), 1));
        for _ in 0..100 {
            assert!(ask(&limiter.people, "User:1".to_owned()).is_ok());
        }
        assert_eq!(ask(&limiter.people, "User:1".to_owned()).unwrap_err().0.code, "rate_limited");
        assert!(ask(&limiter.people, "User:2".to_owned()).is_ok());
    }
}
