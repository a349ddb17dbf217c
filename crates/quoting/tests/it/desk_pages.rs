//! The pages around a quote's life: the clinic's list and its ways out, the staff's lists, changes and decisions.

use axum::Extension;
use kernel::Actor;
use kernel::ids::{QuoteId, UserId};
use platform::db::count_statements;
use platform::web::CsrfToken;
use quoting::entity::quotes::{QuoteStatus, QuoteStatusReason};
use testkit::{Client, Reply, TestApp, actors};

use crate::world::*;

const REASON: &str = "Spoke to the clinic and to the patient.";

struct Browser {
    client: Client,
    csrf: String,
}

impl Browser {
    fn of(t: &TestApp, actor: Actor) -> Self {
        let token = CsrfToken("browser".to_owned());
        let csrf = token.field(&t.app);
        Self { client: t.client(quoting::pages().layer(Extension(token))).as_actor(actor), csrf }
    }

    async fn staff(t: &TestApp) -> Self {
        let id: UserId = identity::seed::legal_owner(&t.app, "Sam", "Staff", "sam@hairline.example").await.unwrap();
        Self::of(t, actors::super_admin(id))
    }

    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = vec![("_csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.client.form(path, &all).await
    }

    /// The page's text; at most seven statements, so that with the session's there are eight.
    async fn text(&self, path: &str) -> String {
        let (page, statements) = count_statements(self.client.get(path)).await;
        assert!(statements <= 7, "{path} needs {statements} statements");
        page.assert_status(200).text()
    }
}

#[track_caller]
fn location(reply: Reply) -> String {
    reply.assert_status(303).headers.get("location").unwrap().to_str().unwrap().to_owned()
}

fn hidden(page: &str, name: &str) -> String {
    let rest = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
    rest.split('"').next().unwrap().to_owned()
}

testkit::both! {
    async fn a_clinic_finds_its_quotes_and_puts_them_away(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00")]).await;
        let (id, other) = (w.sent(&t, 0, 2500).await, w.sent(&t, 1, 2100).await);
        let draft = quoting::service::draft::create(&t.app, &w.owner(0), w.inquiry, w.spec(0, 2000).input()).await.unwrap();
        let desk = Browser::of(&t, w.owner(0));
        let all = desk.text("/provider/quotes").await;
        for shown in [id, draft] {
            assert!(all.contains(&format!("/provider/quotes/{shown}")), "{all}");
        }
        assert!(!all.contains(&other.to_string()) && !all.contains("John") && all.contains("PAT-"), "masked, and only its own");
        let code = quote(&t, id).await.quote_code.unwrap();
        let found = desk.text(&format!("/provider/quotes?q={}&sort=price", code.to_lowercase())).await;
        assert!(found.contains(&id.to_string()) && !found.contains(&draft.to_string()));
        for (word, hits) in [("quote", true), ("inquiry", false), ("archived", false), ("dead", false), ("nonsense", true)] {
            assert_eq!(desk.text(&format!("/provider/quotes?state={word}")).await.contains(&id.to_string()), hits, "{word}");
        }
        // The parts of one quote, and the way out.
        let here = format!("/provider/quotes/{id}");
        for (view, word) in [("offer", "£4,250.00"), ("patient", "PAT-"), ("request", "HPID"), ("history", "Version 1")] {
            assert!(desk.text(&format!("{here}?view={view}")).await.contains(word), "{view}");
        }
        desk.client.get(&format!("/provider/quotes/{other}?view=history")).await.assert_status(404);
        let refused = desk.post(&format!("{here}/archive"), &[("reason", "x")]).await.assert_status(422).text();
        assert!(refused.contains("x</textarea>"), "what was typed stays");
        for _ in 0..2 {
            assert!(location(desk.post(&format!("{here}/archive"), &[("reason", "Tidying up")]).await).contains("done=pq-archived"));
        }
        assert_eq!(state(&t, id).await, (QuoteStatus::Cancelled, Some(QuoteStatusReason::Withdrawn)));
        assert!(!desk.text("/provider/quotes").await.contains(&id.to_string()));
        let away = desk.text("/provider/quotes?state=archived").await;
        assert!(away.contains(&id.to_string()) && away.contains("class=\"muted\""), "dead rows are grey");
        // A draft leads to its editor, and can be put away beside it.
        assert!(location(desk.client.get(&format!("/provider/quotes/{draft}")).await).contains("/quote?quote="));
        assert!(desk.text(&format!("/provider/quotes/{draft}?view=offer")).await.contains("/archive"));
    }

    async fn a_revision_is_shown_field_by_field(t: TestApp) {
        let w = world(&t, &[("4250.00", "1.00")]).await;
        let id = w.sent(&t, 0, 2500).await;
        let body = serde_json::json!({ "version": 1, "estimated_grafts": 2000, "note": "Take your time." });
        w.clinic_client(&t, 0).patch(&format!("/quotes/{id}"), body).await.assert_status(200);
        let page = Browser::of(&t, w.owner(0)).text(&format!("/provider/quotes/{id}?view=history")).await;
        for word in ["2,500", "2,000", "Total · £6,750.00", "Total · £6,250.00", "Take your time.", "by the clinic"] {
            assert!(page.contains(word) || page.contains(&word.replace(',', "")), "{word} in {page}");
        }
    }

    async fn a_wish_to_step_back_is_made_and_decided(t: TestApp) {
        let w = world(&t, &[("4250.00", "0.00")]).await;
        let id = w.sent(&t, 0, 2500).await;
        quoting::seed::accept(&t.app, w.patient, id).await.unwrap();
        let (desk, staff) = (Browser::of(&t, w.owner(0)), Browser::staff(&t).await);
        assert!(staff.text("/admin/withdrawals").await.contains("Nobody wants to step back"));
        let wish = format!("/provider/quotes/{id}/withdrawal");
        desk.post(&wish, &[("reason", "")]).await.assert_status(422);
        for _ in 0..2 {
            assert!(location(desk.post(&wish, &[("reason", "The surgeon is ill")]).await).contains("done=pq-asked-to-leave"));
        }
        assert!(desk.text(&format!("/provider/quotes/{id}")).await.contains("You asked to step back"));
        let queue = staff.text("/admin/withdrawals").await;
        assert!(queue.contains("The surgeon is ill") && queue.contains("John Doe"), "{queue}");
        let one = format!("/admin/quotes/{id}");
        assert!(staff.text(&one).await.contains("Let the clinic go"));
        let resolve = format!("{one}/resolve");
        staff.post(&resolve, &[("decision", "grant"), ("reason", "short")]).await.assert_status(422);
        for _ in 0..2 {
            assert!(location(staff.post(&resolve, &[("decision", "grant"), ("reason", REASON)]).await).contains("done=quote-resolve"));
        }
        assert_eq!(state(&t, id).await, (QuoteStatus::Cancelled, Some(QuoteStatusReason::ProviderWithdrawal)));
        assert_eq!(events(&t, "quote.withdrawal_granted").await, 1);
        let list = staff.text("/admin/acceptances?state=superseded").await;
        assert!(list.contains("John Doe") && list.contains("Ended by a cancellation"), "{list}");
        assert!(!staff.text("/admin/acceptances?state=active").await.contains("John Doe"));
    }

    async fn staff_see_quotes_by_request_change_them_and_bring_them_back(t: TestApp) {
        let w = world(&t, &[("4250.00", "1.00"), ("3990.00", "0.00")]).await;
        let (id, _) = (w.sent(&t, 0, 2500).await, w.sent(&t, 1, 2100).await);
        let staff = Browser::staff(&t).await;
        let list = staff.text("/admin/quotes").await;
        assert!(list.contains("John Doe") && list.contains("Clinic A") && list.contains("Clinic B"), "{list}");
        assert!(staff.text("/admin/quotes?q=doe&state=quote").await.contains("Clinic A"));
        assert!(!staff.text("/admin/quotes?q=nobody").await.contains("Clinic A"));
        let here = format!("/admin/quotes/{id}");
        let page = staff.text(&here).await;
        let version = hidden(&page, "version");
        let fields = |reason: &'static str, price: &'static str| [
            ("version", version.as_str().to_owned()), ("estimated_grafts", "2500".to_owned()), ("price", price.to_owned()),
            ("slot_date", "2026-05-13".to_owned()), ("slot_time", "10:30".to_owned()), ("expiration_hours", "72".to_owned()),
            ("note", "From our team.".to_owned()), ("reason", reason.to_owned()),
        ];
        let send = async |reason: &'static str, price: &'static str| {
            let all = fields(reason, price);
            let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
            staff.post(&here, &all).await
        };
        let refused = send("short", "5000.00").await.assert_status(422).text();
        assert!(refused.contains("value=\"5000.00\"") && refused.contains("10 to 500"), "{refused}");
        let refused = send(REASON, "five").await.assert_status(422).text();
        assert!(refused.contains("price-error"), "{refused}");
        assert!(location(send(REASON, "5000.00").await).contains("done=quote-edit"));
        let row = quote(&t, id).await;
        assert_eq!((row.version, row.quote_amount.to_string().as_str(), row.expiration_hours), (2, "5000.00", 72));
        assert_eq!(row.appointment_slot_at.unwrap().to_rfc3339(), "2026-05-13T07:30:00+00:00");
        let page = staff.text(&here).await;
        assert!(page.contains("by Hairline") && page.contains("10:30") && page.contains(REASON), "{page}");
        send(REASON, "5100.00").await.assert_status(409);

        t.at("2026-03-05T10:00:00Z");
        tick(&t).await;
        let page = staff.text(&here).await;
        assert!(page.contains("/restore") && !page.contains("name=\"expiration_hours\""), "{page}");
        staff.post(&format!("{here}/restore"), &[("reason", "short")]).await.assert_status(422);
        assert!(location(staff.post(&format!("{here}/restore"), &[("reason", REASON)]).await).contains("done=quote-restore"));
        assert_eq!(state(&t, id).await.0, QuoteStatus::Quote);
        staff.client.get(&format!("/admin/quotes/{}", QuoteId::new())).await.assert_status(404);
        Browser::of(&t, w.owner(0)).client.get(&here).await.assert_status(303);
    }
}
