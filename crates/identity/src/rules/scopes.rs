//! Scopes: what a token of a program may reach (R-ID-41, 43).
//!
//! A scope never grants anything: it takes away from what the account may do. Every route of the API belongs to one
//! domain; reading it needs `read:<domain>`, everything else `write:<domain>`. A route nobody placed here is closed to
//! such tokens, and so is all that decides who somebody is: signing in, second factor, roles, clients, tokens, requests
//! for erasure.

use std::collections::BTreeSet;

/// All scopes are one of two actions on one of these.
pub const DOMAINS: [&str; 10] = [
    "settings",
    "profile",
    "patients",
    "inquiries",
    "quotes",
    "treatments",
    "payments",
    "messages",
    "providers",
    "reports",
];

/// Everything: first-party clients only.
pub const ALL: &str = "*";

/// What a client may ask for that nobody gave a list: what lies in its people's own account.
pub const DEFAULT: [&str; 1] = ["read:profile"];

/// Every scope a client or token can be given, in the order people read them.
pub fn catalogue() -> impl Iterator<Item = String> {
    DOMAINS.into_iter().flat_map(|domain| [format!("read:{domain}"), format!("write:{domain}")])
}

/// Whether there is such a scope; `*` is none that people choose.
pub fn is_known(scope: &str) -> bool {
    scope
        .split_once(':')
        .is_some_and(|(action, domain)| matches!(action, "read" | "write") && DOMAINS.contains(&domain))
}

/// The scopes a client asks for, separated by blanks (RFC 6749, 3.3).
pub fn parse(text: &str) -> BTreeSet<String> {
    text.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}

/// The scopes of a column: a JSON array. What cannot be read is nothing.
pub fn from_column(column: Option<&str>) -> BTreeSet<String> {
    column.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// The column of scopes.
pub fn to_column(scopes: &BTreeSet<String>) -> String {
    serde_json::json!(scopes).to_string()
}

/// What of the scopes `granted` covers: all of them when it holds `*`.
pub fn covered(scopes: &BTreeSet<String>, granted: &BTreeSet<String>) -> BTreeSet<String> {
    if granted.contains(ALL) { scopes.clone() } else { scopes.intersection(granted).cloned().collect() }
}

/// What a request must bring along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needed {
    /// Nothing: strangers may ask too.
    Nothing,
    /// This scope.
    Scope(String),
    /// No scope opens it.
    Closed,
}

/// The domain of a route, `-` for what is closed, with `+` in front for what is public to read. The first match counts;
/// `*` is one segment, and a pattern covers everything below it.
const ROUTES: &[(&str, &str)] = &[
    ("*/auth", "-"),
    ("patient/auth", "-"),
    ("invitations", "-"),
    ("webhooks", "-"),
    ("me/mfa", "-"),
    ("me/password", "-"),
    ("me/email", "-"),
    ("me/sessions", "-"),
    ("me/tokens", "-"),
    ("me/activity", "-"),
    ("me/deletion-request", "-"),
    ("me/data-bundle", "-"),
    // A yes is personal: no program says it.
    ("me/legal", "-"),
    ("me/consents", "-"),
    ("me/aftercare", "treatments"),
    ("me/reviews", "treatments"),
    ("me/review-eligibility", "treatments"),
    ("me", "profile"),
    ("notifications", "profile"),
    ("notification-preferences", "profile"),
    ("countries", "+settings"),
    ("destinations", "+settings"),
    ("discovery-questions", "+settings"),
    ("languages", "+settings"),
    ("starting-prices", "+settings"),
    ("legal", "+settings"),
    ("treatments", "+providers"),
    ("packages", "+providers"),
    ("questionnaires", "inquiries"),
    ("providers/*/reviews", "+providers"),
    ("providers", "+providers"),
    ("places", "+providers"),
    ("inquiries/*/quotes", "quotes"),
    ("inquiries", "inquiries"),
    ("inquiry-draft", "inquiries"),
    ("media", "inquiries"),
    ("admin/cases", "inquiries"),
    ("admin/acceptances", "quotes"),
    ("admin/withdrawals", "quotes"),
    ("quotes", "quotes"),
    ("bookings/*/payments", "payments"),
    ("bookings/*/checkout", "payments"),
    ("bookings/*/documents", "payments"),
    ("documents", "payments"),
    ("bookings/*/discount", "payments"),
    ("bookings/*/installments", "payments"),
    ("payment-methods", "payments"),
    ("admin/installment-plans", "payments"),
    ("bookings/*/cancellation", "payments"),
    ("bookings/*/cancellation-preview", "payments"),
    ("admin/refunds", "payments"),
    ("admin/bank-transfers", "payments"),
    ("admin/gateway-events", "payments"),
    ("admin/reconciliation", "payments"),
    ("admin/ledger", "payments"),
    ("admin/bookings/*/bank-receipts", "payments"),
    ("admin/bookings/*/reschedule", "payments"),
    ("admin/bookings/*/reschedule-preview", "payments"),
    ("admin/bookings/*/refund", "payments"),
    ("admin/bookings/*/partial-refund", "payments"),
    ("admin/invoices", "payments"),
    ("admin/revenue", "payments"),
    ("admin/bills", "payments"),
    // Where money goes is decided by people in the portal.
    ("admin/banking-details", "-"),
    ("provider/banking-details", "-"),
    ("provider/earnings", "payments"),
    ("provider/commission", "payments"),
    ("patient/banking-details", "-"),
    ("provider/payouts", "payments"),
    ("bookings", "treatments"),
    ("payments", "payments"),
    ("admin/transactions", "payments"),
    ("simulator", "payments"),
    ("treatment-cases", "treatments"),
    ("aftercare-payments", "payments"),
    ("standalone-aftercare-requests/*/pay", "payments"),
    ("standalone-aftercare-requests/*/cancel-subscription", "payments"),
    ("standalone-aftercare-requests", "treatments"),
    ("aftercare-offerings", "treatments"),
    ("aftercare-templates", "settings"),
    ("aftercare-cases", "treatments"),
    ("aftercare-milestone-templates", "treatments"),
    ("aftercare-workflows", "treatments"),
    ("aftercare", "treatments"),
    ("conversations", "messages"),
    ("provider/team/*/role", "-"),
    ("provider/team/*/transfer", "-"),
    ("provider/team", "providers"),
    ("admin/providers/*/seats", "-"),
    ("admin/providers/*/commission", "settings"),
    ("provider/profile", "providers"),
    ("provider/media", "providers"),
    ("admin/provider-media", "-"),
    ("admin/providers/*/feature", "-"),
    ("admin/providers/*/unfeature", "-"),
    ("provider/clinicians", "providers"),
    ("provider/reviews", "providers"),
    ("provider/treatment-pricing", "providers"),
    ("admin/reviews", "providers"),
    ("admin/patients/*/medical-access", "-"),
    ("admin/patients/*/data-bundles", "-"),
    ("admin/patients/*/suspend", "-"),
    ("admin/patients/*/identity-hold", "-"),
    ("admin/patients/*/identity-hold/lift", "-"),
    ("admin/patients/*/reactivate", "-"),
    ("admin/patients/*/deactivate", "-"),
    ("admin/patients/*/unlock", "-"),
    ("admin/patients/*/reset-password", "-"),
    ("admin/patients", "patients"),
    ("admin/settings/auth", "-"),
    ("admin/settings", "settings"),
    ("admin/affiliates", "-"),
    ("admin/languages", "settings"),
    ("admin/lists", "settings"),
    ("admin/locations", "settings"),
    ("admin/regions", "settings"),
    ("admin/starting-prices", "settings"),
    ("admin/questionnaire-sets", "settings"),
    ("admin/reports", "reports"),
    ("admin/analytics", "reports"),
];

fn matches(pattern: &str, path: &str) -> bool {
    let mut path = path.split('/');
    pattern.split('/').all(|want| path.next().is_some_and(|have| want == "*" || want == have))
}

/// What a request must bring along; the path is relative to the API's prefix.
pub fn needed(method: &str, path: &str) -> Needed {
    let path = path.trim_start_matches('/');
    let reads = matches!(method, "GET" | "HEAD");
    let Some((_, domain)) = ROUTES.iter().find(|(pattern, _)| matches(pattern, path)) else { return Needed::Closed };
    match domain.strip_prefix('+') {
        Some(_) if reads => Needed::Nothing,
        _ if *domain == "-" => Needed::Closed,
        public => {
            let domain = public.unwrap_or(domain);
            Needed::Scope(format!("{}:{domain}", if reads { "read" } else { "write" }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(text: &str) -> Needed {
        Needed::Scope(text.to_owned())
    }

    #[test]
    fn r_id_41_every_route_has_one_scope() {
        assert_eq!(needed("GET", "/quotes/7"), scope("read:quotes"));
        assert_eq!(needed("POST", "/inquiries/7/quotes"), scope("write:quotes"));
        assert_eq!(needed("GET", "/inquiries/7/timeline"), scope("read:inquiries"));
        assert_eq!(needed("PATCH", "/me"), scope("write:profile"));
        assert_eq!(needed("GET", "/countries"), Needed::Nothing);
        assert_eq!(needed("POST", "/packages"), scope("write:providers"));
    }

    #[test]
    fn r_id_43_who_somebody_is_no_scope_opens() {
        for path in [
            "/patient/auth/login",
            "/admin/auth/reauth",
            "/me/mfa/totp",
            "/me/password",
            "/me/tokens",
            "/me/sessions/7",
            "/me/deletion-request",
            "/me/legal/acceptances",
            "/me/consents",
            "/admin/patients/7/deactivate",
            "/admin/legal-documents/7/publish",
            "/admin/oauth/clients",
            "/admin/roles/7",
            "/admin/users",
            "/admin/encryption/rotate",
            "/admin/deletion-requests/7/approve",
            "/provider/team/7/role",
            "/something/new",
        ] {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
                assert_eq!(needed(method, path), Needed::Closed, "{method} {path}");
            }
        }
    }

    #[test]
    fn a_pattern_ends_at_segments() {
        assert_eq!(needed("GET", "/meteor"), Needed::Closed);
        assert_eq!(needed("GET", "/quotes-of-others"), Needed::Closed);
    }

    #[test]
    fn scopes_are_words_of_two_parts() {
        assert_eq!(catalogue().count(), 20);
        assert!(catalogue().all(|scope| is_known(&scope)));
        for strange in ["", "*", "read", "read:", "admin:quotes", "read:everything", "read:quotes:all"] {
            assert!(!is_known(strange), "{strange}");
        }
    }

    #[test]
    fn nothing_is_covered_that_was_not_granted() {
        let asked = parse("read:quotes  write:quotes");
        assert_eq!(covered(&asked, &parse("read:quotes read:profile")), parse("read:quotes"));
        assert_eq!(covered(&asked, &parse("*")), asked);
        assert_eq!(from_column(Some("nonsense")), BTreeSet::new());
        assert_eq!(from_column(Some(&to_column(&asked))), asked);
    }
}
