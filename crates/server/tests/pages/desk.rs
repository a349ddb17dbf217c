//! Those who answer requests about data, in a browser: legal orders, retention, copies, clinics that close.

use kernel::ids::ProviderDeletionRequestId;
use sea_orm::{ConnectionTrait, EntityTrait};

use super::browser::{Browser, hidden, links};
use super::demonstration;

#[tokio::test]
async fn the_desk_works_without_script() {
    let (t, logins, _kept) = demonstration::begin().await;
    let mut staff = Browser::new(&t, "en");
    staff.sign_in(&t, "/admin/login", "admin@hairline.example").await;

    // An order: what was typed stays beside what was wrong; whoever placed it cannot release it.
    let page = staff.open("/admin/privacy/holds/new?patient=PAT-001").await.assert_status(200).text();
    assert!(page.contains("value=\"PAT-001\""));
    let csrf = hidden(&page, "_csrf");
    let order = |holdable: &'static str, reason: &'static str| {
        [("holdable_type", "Patient"), ("holdable", holdable), ("reference", "AZ 12 <O>"), ("reason", reason)]
    };
    let why = "The court asked to keep everything for now.";
    let wrong = staff.send("/admin/privacy/holds/new", &csrf, &order("PAT-9999", why)).await.assert_status(422).text();
    assert!(wrong.contains("value=\"PAT-9999\"") && wrong.contains("There is no such patient"), "{wrong}");
    let short =
        staff.send("/admin/privacy/holds/new", &csrf, &order("pat-001", "short")).await.assert_status(422).text();
    assert!(short.contains("AZ 12 &#60;O&#62;"));
    let placed = staff.send("/admin/privacy/holds/new", &csrf, &order("pat-001", why)).await.assert_status(303);
    let place = placed.headers["location"].to_str().unwrap().to_owned();
    assert!(place.ends_with("?done=hold-placed"), "{place}");
    let hold = place.split('?').next().unwrap().to_owned();
    let again = staff.send("/admin/privacy/holds/new", &csrf, &order("pat-001", why)).await.assert_status(303);
    assert_eq!(again.headers["location"], place, "sent twice");
    let page = staff.open(&hold).await.assert_status(200).text();
    assert!(page.contains("Ask a colleague") && !page.contains("/release\""), "{page}");
    let refused = staff.send(&format!("{hold}/release"), &csrf, &[("reason", why)]).await.assert_status(403).text();
    assert!(refused.contains("Ask a colleague"));
    t.advance(std::time::Duration::from_secs(60));
    staff.send(&format!("{hold}/review"), &csrf, &[]).await.assert_status(303);
    t.conn()
        .execute_unprepared(
            "UPDATE legal_holds SET placed_by = (SELECT id FROM users WHERE email <> 'admin@hairline.example' LIMIT 1)",
        )
        .await
        .unwrap();
    let open = staff.open(&hold).await.assert_status(200).text();
    assert!(open.contains("/release\""), "a colleague's order can be released");
    let short = staff.send(&format!("{hold}/release"), &csrf, &[("reason", "done")]).await.assert_status(422).text();
    assert!(short.contains("aria-invalid"));
    staff.send(&format!("{hold}/release"), &csrf, &[("reason", why)]).await.assert_status(303);
    assert!(staff.open("/admin/privacy/holds").await.text().contains("No orders"));
    assert!(staff.open("/admin/privacy/holds?status=all").await.text().contains("Released"));
    staff.open("/admin/privacy/holds/0198f2a0-0000-7000-8000-000000000000").await.assert_status(404);

    // A run that changes nothing.
    let tried = staff.send("/admin/privacy/retention", &csrf, &[]).await.assert_status(303);
    let run = tried.headers["location"].to_str().unwrap().to_owned();
    assert!(staff.open(&run).await.assert_status(200).text().contains("Nothing was due"));
    assert!(staff.open("/admin/privacy/retention").await.text().contains("Trial"));

    // A copy on behalf of a patient: the key stands once.
    let queue = staff.open("/admin/privacy").await.assert_status(200).text();
    let request = links(&queue).into_iter().find(|link| link.starts_with("/admin/privacy/0")).unwrap();
    let request = staff.open(&request).await.assert_status(200).text();
    let subject = links(&request).into_iter().find(|link| link.starts_with("/admin/privacy/patients/")).unwrap();
    let form = format!("{subject}/bundle");
    let short = staff.send(&form, &csrf, &[("reason", "because")]).await.assert_status(422).text();
    assert!(short.contains("because"));
    let proven = [("reason", "The patient wrote to us and proved who they are.")];
    let key = staff.send(&form, &csrf, &proven).await.assert_status(200).text();
    assert!(key.contains("class=\"secret\""), "{key}");
    let twice = staff.send(&form, &csrf, &proven).await.assert_status(303);
    assert_eq!(twice.headers["location"], format!("{subject}?done=bundle-under-way"));
    assert!(!staff.open(&subject).await.text().contains("class=\"secret\""));

    // A clinic with bookings cannot close; a request is answered once.
    let mut clinic = Browser::new(&t, "en");
    clinic.sign_in(&t, "/provider/login", &format!("owner@{}.example", logins.clinic.0)).await;
    let page = clinic.open("/provider/closing").await.assert_status(200).text();
    assert!(page.contains("Bookings still to be treated"), "{page}");
    let own = hidden(&clinic.open("/provider/account").await.text(), "_csrf");
    let bound = clinic.send("/provider/closing", &own, &[("reason", "We retire.")]).await.assert_status(409).text();
    assert!(bound.contains("Bookings are still to be treated"));
    let row = directory::entity::providers::Entity::find().one(t.conn()).await.unwrap().unwrap();
    let member = identity::entity::provider_users::Entity::find().one(t.conn()).await.unwrap().unwrap();
    let id = ProviderDeletionRequestId::new();
    t.conn().execute_unprepared(&format!(
        "INSERT INTO provider_deletion_requests (id, provider_id, requested_by, reason, due_on) VALUES ('{id}', '{}', '{}', 'We retire.', '2026-01-01')",
        row.id, member.id
    )).await.unwrap();
    let list = staff.open("/admin/privacy/clinics").await.assert_status(200).text();
    let one = format!("/admin/privacy/clinics/{id}");
    assert!(list.contains(&one) && list.contains("Overdue"), "{list}");
    assert!(staff.open(&one).await.assert_status(200).text().contains("We retire."));
    let short =
        staff.send(&format!("{one}/approve"), &csrf, &[("justification", "yes")]).await.assert_status(422).text();
    assert!(short.contains("aria-invalid"));
    staff.send(&format!("{one}/reject"), &csrf, &[("justification", why)]).await.assert_status(303);
    staff.send(&format!("{one}/reject"), &csrf, &[("justification", why)]).await.assert_status(409);

    // Nobody else comes in.
    let mut support = Browser::new(&t, "en");
    support.sign_in(&t, "/login", &logins.patients[0].email).await;
    assert_eq!(support.open("/admin/privacy/holds").await.status, 303);
}
