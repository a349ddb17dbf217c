//! How often one address or one account may ask (R-ID-26).

use axum::extract::{Query, Request, State};
use axum::http::{Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::Actor;
use kernel::actor::Origin;
use platform::App;
use platform::config::Config;
use platform::rates::{self, Limit, Span};
use platform::web::Problem;

/// Searches for people an account may make within the hour. Fixed: who needs more reads a list nobody should have.
const PEOPLE: Limit = Limit { name: "people", most: 100, span: Span::Hour, exact: false };

/// Searches for clinics an account may make within the hour (R-IQ-85).
const CLINICS: Limit = Limit { name: "clinics", most: 100, span: Span::Hour, exact: false };

/// Requests with passwords and codes of one address. Processes agree on each: here somebody guesses.
fn secrets(config: &Config) -> Limit {
    Limit { name: "secrets", most: config.limits.auth_per_minute, span: Span::Minute, exact: true }
}

/// All other requests of one address. Many patients may sit behind one.
fn address(config: &Config) -> Limit {
    let most = config.limits.requests_per_minute.saturating_mul(5);
    Limit { name: "address", most, span: Span::Minute, exact: false }
}

/// Requests of one account over the API.
fn account(config: &Config) -> Limit {
    Limit { name: "account", most: config.limits.requests_per_minute, span: Span::Minute, exact: false }
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
pub async fn by_address(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/assets/") {
        return next.run(request).await;
    }
    if let Some(ip) = request.extensions().get::<Origin>().and_then(|origin| origin.ip.clone()) {
        let tries = tries_secrets(path, request.method());
        let limit = if tries { secrets(&app.config) } else { address(&app.config) };
        if let Err(refusal) = rates::take(&app, &limit, &ip).await {
            return Problem::from(refusal).into_response();
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
pub async fn by_account(State(app): State<App>, request: Request, next: Next) -> Response {
    if let Some(caller) = caller(&request)
        && let Err(refusal) = rates::take(&app, &account(&app.config), &caller).await
    {
        return Problem::from(refusal).into_response();
    }
    by_searcher(State(app), request, next).await
}

/// Who asks, where somebody is signed in.
fn caller(request: &Request) -> Option<String> {
    let (kind, id) = request.extensions().get::<Actor>()?.reference();
    id.map(|id| format!("{kind}:{id}"))
}

/// Whether words are searched for, however the question is spelt.
fn searches(uri: &Uri) -> bool {
    let asked = Query::<Vec<(String, String)>>::try_from_uri(uri);
    asked.is_ok_and(|Query(pairs)| pairs.iter().any(|(key, value)| key == "q" && !value.is_empty()))
}

/// Where staff look for somebody by name, address or code: patients, their cases, offers and reviews,
/// Hairline's staff, clinics' staff, partners.
const PEOPLE_PATHS: [&str; 7] = [
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
    PEOPLE_PATHS.contains(&path) && searches(uri)
}

/// Whether a clinic is looked for by words: over the API, on the public page or in the wizard.
fn searches_clinics(uri: &Uri) -> bool {
    ["/api/v1/providers", "/clinics", "/patient/request/clinics"].contains(&uri.path()) && searches(uri)
}

/// Limits of one account that looks for people or clinics, on the API and on pages (R-ID-26, R-IQ-85).
pub async fn by_searcher(State(app): State<App>, request: Request, next: Next) -> Response {
    let uri = request.uri();
    let limit = match () {
        () if searches_people(uri) => Some(PEOPLE),
        () if searches_clinics(uri) => Some(CLINICS),
        () => None,
    };
    if let Some(limit) = limit
        && let Some(caller) = caller(&request)
        && let Err(refusal) = rates::take(&app, &limit, &caller).await
    {
        return Problem::from(refusal).into_response();
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
    fn r_iq_85_where_clinics_are_searched_for() {
        for path in ["/api/v1/providers", "/clinics", "/patient/request/clinics"] {
            assert!(
                searches_clinics(&uri(&format!("{path}?sort=price&q=istanbul")))
                    && !searches_clinics(&uri(&format!("{path}?sort=price&q="))),
                "{path}"
            );
        }
        assert!(!searches_clinics(&uri("/clinics/bosphorus-hair?q=istanbul")));
        assert_eq!((CLINICS.most, CLINICS.span), (100, Span::Hour));
    }
}
