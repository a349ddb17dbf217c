//! What people do to forms: a session that ends, a second send, a missing proof, words that look like markup.

use testkit::TestApp;

use super::browser::{Browser, hidden};
use super::demonstration;

const NASTY: &str = "<script>alert('x')</script> \u{202e}مرحبا\u{202c} 🙂 \"quoted\" & more";

async fn admin(t: &TestApp, language: &'static str) -> Browser {
    let mut browser = Browser::new(t, language);
    browser.sign_in(t, "/admin/login", "admin@hairline.example").await;
    browser
}

#[tokio::test]
async fn forms_survive_what_people_do_to_them() {
    let (t, logins, _kept) = demonstration::begin().await;

    // A session that ends in the middle: what was typed survives the sign-in and is sent on request.
    let mut browser = admin(&t, "en").await;
    let page = browser.open("/admin/settings/payment").await.assert_status(200).text();
    let (csrf, version) = (hidden(&page, "_csrf"), hidden(&page, "version"));
    // Long forms ask, where a script may run, before somebody leaves them with something unsaved.
    assert!(page.contains(" data-guard"), "{page}");
    for path in ["/admin/roles/new", "/admin/users/invite", "/admin/settings/clients/new"] {
        assert!(browser.open(path).await.assert_status(200).text().contains(" data-guard"), "{path}");
    }
    let reason = "Holds are longer in the holidays, says the team.";
    let fields = [
        ("version", version.as_str()),
        ("deposit_percent", "25"),
        ("hold_hours", "72"),
        ("balance_due_days", "7"),
        ("instalment_cutoff_days", "30"),
        ("parallel_capacity", "1"),
        ("reason", reason),
        ("refund_tiers", "31:90, 15:50, 0:0"),
    ];
    browser.forget("hairline_session");
    let lost = browser.send("/admin/settings/payment", &csrf, &fields).await.assert_status(401).text();
    let resume = hidden(&lost, "resume");
    assert!(!lost.contains(reason), "what was typed travels sealed");
    t.advance(std::time::Duration::from_secs(31));
    let credentials =
        [("login", "admin@hairline.example"), ("password", server::demo::PASSWORD), ("resume", resume.as_str())];
    let second = browser.send("/admin/login", &csrf, &credentials).await.assert_status(200).text();
    let ticket = hidden(&second, "ticket");
    let code = server::demo::code_at(t.now().timestamp()).unwrap();
    let proof = [("ticket", ticket.as_str()), ("code", code.as_str()), ("resume", resume.as_str())];
    let kept = browser.send("/admin/login/code", &csrf, &proof).await.assert_status(200).text();
    assert!(kept.contains(reason) && kept.contains("action=\"/admin/settings/payment\""), "{kept}");
    let saved = browser.send("/admin/settings/payment", &csrf, &fields).await.assert_status(303);
    assert_eq!(saved.headers["location"], "/admin/settings/payment?done=saved");

    // Back and once more: refused as stale, nothing lost, nothing doubled.
    let again = browser.send("/admin/settings/payment", &csrf, &fields).await.assert_status(409).text();
    assert!(again.contains(reason), "the reason is still there");

    // Markup in a field is text in the answer.
    let mut nasty = fields;
    nasty[6].1 = NASTY;
    nasty[2].1 = "soon";
    let refused = browser.send("/admin/settings/payment", &csrf, &nasty).await.assert_status(422).text();
    assert!(!refused.contains("<script>alert") && refused.contains("🙂") && refused.contains("مرحبا"), "{refused}");
    assert!(refused.contains("value=\"soon\"") && refused.contains("aria-invalid=\"true\""));

    // A form that does not prove where it comes from.
    let forged = browser.send("/admin/settings/payment", "", &fields).await.assert_status(403).text();
    assert!(forged.starts_with("<!doctype html>"));

    // Another portal's session opens nothing, and somebody else's case does not exist.
    let mut first = Browser::new(&t, "en");
    first.sign_in(&t, "/login", &logins.patients[3].email).await;
    let lead = first.open("/admin/cases").await.assert_status(303);
    assert!(lead.headers["location"].to_str().unwrap().starts_with("/admin/login?next=/admin/cases"));
    let home = first.open("/patient").await.assert_status(200).text();
    let own = super::browser::links(&home).into_iter().find(|link| link.starts_with("/patient/cases/")).unwrap();
    first.open(&own).await.assert_status(200);
    let mut second = Browser::new(&t, "tr");
    second.sign_in(&t, "/login", &logins.patients[4].email).await;
    let missing = second.open(&own).await.assert_status(404).text();
    let nowhere = second.open("/patient/cases/0198f2a0-0000-7000-8000-000000000000").await.assert_status(404).text();
    let bare = |page: &str| page.split("<code>").next().unwrap().to_owned();
    assert_eq!(bare(&missing), bare(&nowhere), "a foreign case and none look the same");

    // The switches come back to where they were used, and lead nowhere else.
    let switched = second.open("/theme?to=dark&back=/patient").await.assert_status(303);
    assert_eq!(switched.headers["location"], "/patient");
    assert!(second.open("/patient").await.text().contains("data-theme=\"dark\""));
    assert_eq!(second.open("/language?to=en&back=//evil.example").await.headers["location"], "/");
    assert!(second.open("/patient").await.text().contains("lang=\"en\""));
}
