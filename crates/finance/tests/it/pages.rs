//! The pages of clinics and staff.

use axum::Extension;
use finance::entity::provider_bills::ProviderBillStatus as Status;
use kernel::Actor;
use platform::db::count_statements;
use platform::web::CsrfToken;
use testkit::{Client, Reply, TestApp, actors};

use crate::support::{World, euros, world};

pub struct Browser {
    pub client: Client,
    csrf: String,
}

impl Browser {
    pub fn of(t: &TestApp, actor: Actor) -> Self {
        let token = CsrfToken("browser".to_owned());
        let csrf = token.field(&t.app);
        Self { client: t.client(finance::pages().layer(Extension(token))).as_actor(actor), csrf }
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = vec![("_csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.client.form(path, &all).await
    }

    /// A page that answers with at most eight statements.
    pub async fn read(&self, path: &str) -> String {
        let (page, statements) = count_statements(self.client.get(path)).await;
        assert!(statements <= 8, "{path}: {statements}");
        page.assert_status(200).text()
    }
}

#[track_caller]
fn location(reply: Reply) -> String {
    let reply = reply.assert_status(303);
    reply.headers.get("location").unwrap().to_str().unwrap().to_owned()
}

async fn waiting(t: &TestApp) -> World {
    let world = world(t).await;
    world.give(t, &euros()).await;
    world.treated(t, "DE", "2400.00", "2026-03-02", "2026-06-15").await;
    world.build(t, "2026-06-23").await;
    world
}

testkit::both! {
    async fn an_owner_gives_an_account(t: TestApp) {
        let world = world(&t).await;
        let owner = Browser::of(&t, world.keeper(&t).await);
        let path = "/provider/bank-details";
        assert!(owner.read(path).await.contains("No account yet"));
        let mut fields = vec![
            ("account_holder_name", "Bosphorus Hair Ltd."),
            ("bank_name", "Rhein Bank"),
            ("bank_country", "DE"),
            ("currency", "EUR"),
            ("iban", "DE75 5121 0800 1245 1261 98"),
            ("swift_code", "SOGEDEFF"),
        ];
        let refused = owner.post(path, &fields).await.assert_status(422).text();
        assert!(refused.contains("This is no valid IBAN.") && refused.contains("Rhein Bank"), "{refused}");
        fields[4].1 = "DE75 5121 0800 1245 1261 99";
        assert_eq!(location(owner.post(path, &fields).await), "/provider/bank-details?done=bank-saved");
        let page = owner.read(path).await;
        assert!(page.contains("•••• 6199") && !page.contains("1245126199"), "{page}");
        // Without a fresh proof the form is kept behind the question.
        t.advance(chrono::Duration::minutes(6));
        let asked = owner.post(path, &fields).await.assert_status(200).text();
        assert!(asked.contains("confirm_password"), "{asked}");
        let manager = Browser::of(&t, actors::clinic_manager(world.owner, world.provider));
        manager.client.get(path).await.assert_status(403);
    }

    async fn staff_approve_and_the_clinic_reads_it(t: TestApp) {
        let world = waiting(&t).await;
        let bill = world.newest(&t).await;
        let desk = Browser::of(&t, world.chief(&t).await);
        let page = desk.read("/admin/payouts").await;
        assert!(page.contains("Upcoming") && page.contains("Bosphorus Hair") && page.contains("€1,920.00"), "{page}");
        let href = format!("/admin/payouts/{}", bill.id);
        let page = desk.read(&href).await;
        assert!(page.contains("BKG-2603-00001") && page.contains("•••• 6199"), "{page}");
        assert_eq!(location(desk.client.get(&format!("{href}/approve")).await), href);
        assert_eq!(location(desk.post(&format!("{href}/notes"), &[("note", "Called the clinic.")]).await), format!("{href}?done=bill-noted"));
        assert!(desk.read(&href).await.contains("Called the clinic."));
        let short = [("version", "1"), ("void_reason", "short")];
        let refused = desk.post(&format!("{href}/void"), &short).await.assert_status(422).text();
        assert!(refused.contains("aria-invalid"), "{refused}");

        let none = desk.post("/admin/payouts/approve", &[]).await.assert_status(422).text();
        assert!(none.contains("Choose 1 to 100 statements."), "{none}");
        let chosen = format!("{}:1", bill.id);
        let done = desk.post("/admin/payouts/approve", &[("bill", &chosen)]).await.assert_status(200).text();
        assert!(done.contains("1 statement approved"), "{done}");
        let again = desk.post("/admin/payouts/approve", &[("bill", &chosen)]).await.assert_status(200).text();
        assert!(again.contains("Nothing was approved") && again.contains("This is no longer possible."), "{again}");

        let owner = Browser::of(&t, actors::clinic_owner(world.owner, world.provider));
        assert!(owner.read("/provider/payouts").await.contains("Payouts appear after your first completed treatment."));
        owner.client.get(&format!("/provider/payout-invoices/{}", bill.id)).await.assert_status(404);
        world.payout(&t, "2026-06-26").await;
        assert_eq!(world.bill(&t, bill.id).await.status, Status::Paid);
        let page = owner.read("/provider/earnings").await;
        assert!(page.contains("€2,400.00") && page.contains("€480.00") && page.contains("€1,920.00"), "{page}");
        assert!(owner.read("/provider/payouts").await.contains("€1,920.00"));
        let page = owner.read(&format!("/provider/payouts/{}", bill.id)).await;
        assert!(page.contains("PIN-2606-00001") && page.contains("•••• 6199") && !page.contains("Called the clinic."), "{page}");
        for path in ["/provider/payout-invoices/", "/admin/payout-invoices/"] {
            let reader = if path.starts_with("/admin") { &desk } else { &owner };
            let paper = reader.client.get(&format!("{path}{}", bill.id)).await.assert_status(200);
            assert_eq!(paper.headers["content-type"], "application/pdf");
        }
        let table = owner.client.get("/provider/payouts/csv").await.assert_status(200).text();
        assert!(table.contains(",EUR,2400.00,480.00,0.00,1920.00,paid"), "{table}");
        assert!(desk.read("/admin/payouts?status=paid").await.contains("Bosphorus Hair"));
        assert!(desk.read(&href).await.contains("PIN-2606-00001"));
    }
}
