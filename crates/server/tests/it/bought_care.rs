//! Aftercare on its own, over the pages of everybody: bought, given to a clinic, begun, earned and paid out (R-PY-70, R-FN-52).

use aftercare::entity::standalone_aftercare_requests;
use analytics::entity::retention_items;
use finance::entity::provider_bill_items::{self as items, ProviderBillItemKind};
use finance::entity::provider_bills as bills;
use identity::entity::patients;
use kernel::Guard;
use kernel::ids::StandaloneAftercareRequestId;
use payments::entity::aftercare_payments::{self as charges, AftercarePaymentStatus as Status};
use privacy::service::retention::{self, Start};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use testkit::{Client, TestApp, both};

use crate::steps::{self, EMAIL, PHONE};
use crate::tab::{cookie_of, location, proof, root, tab};
use crate::world::World;

const WHY: &str = "The patient asked for it, and it was promised.";

struct Browser {
    tab: Client,
    csrf: String,
}

impl Browser {
    async fn read(&self, path: &str) -> String {
        self.tab.get(path).await.assert_status(200).text()
    }

    async fn send(&self, path: &str, fields: &[(&str, &str)]) -> testkit::Reply {
        let all: Vec<(&str, &str)> =
            [("_csrf", self.csrf.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.tab.form(path, &all).await
    }
}

async fn staff(world: &World) -> Browser {
    let cookie = cookie_of(world, Guard::Api, root(world).await.any()).await;
    Browser { tab: tab(world, &[("hairline_session", &cookie)]), csrf: proof(&world.t).0 }
}

async fn clinic(world: &World) -> Browser {
    let owner = world.clinics[0].clinic.owner;
    let cookie = cookie_of(world, Guard::Provider, owner.any()).await;
    Browser { tab: tab(world, &[("hairline_session", &cookie)]), csrf: proof(&world.t).0 }
}

async fn patient(world: &World) -> Browser {
    let row = patients::Entity::find().one(world.t.conn()).await.unwrap().unwrap();
    let cookie = cookie_of(world, Guard::Patient, row.id.any()).await;
    Browser { tab: tab(world, &[("hairline_session", &cookie)]), csrf: proof(&world.t).0 }
}

/// Puts six months on sale: 80 a month or 500 once.
async fn on_sale(world: &World) {
    // The shipped plans belong to the first member of staff: they are there from the next start on.
    aftercare::install(&world.t.app).await.unwrap();
    let desk = staff(world).await;
    let page = desk.read("/admin/aftercare/offerings").await;
    assert!(page.contains("Standard FUE Aftercare – 6 months") && page.contains("Not on sale"), "{page}");
    let id = aftercare::entity::aftercare_templates::Entity::find().all(world.t.conn()).await.unwrap();
    let months = aftercare::entity::aftercare_milestone_templates::Entity::find().all(world.t.conn()).await.unwrap();
    let six = months.iter().find(|row| row.duration_months == 6).unwrap().id;
    let row = id.into_iter().find(|row| row.milestone_template_id == six).unwrap();
    let path = format!("/admin/aftercare/offerings/{}", row.id);
    let version = row.lock_version.to_string();
    let mut fields = vec![
        ("is_purchasable", "true"),
        ("service_description", "We look after you."),
        ("pricing_model", "both"),
        ("prices.GBP.monthly", "80"),
        ("prices.GBP.fixed", "x"),
        ("lock_version", version.as_str()),
    ];
    let again = desk.send(&path, &fields).await.assert_status(422).text();
    assert!(
        again.contains("We look after you.") && again.contains("value=\"80\"") && again.contains("prices-GBP-fixed"),
        "{again}"
    );
    fields[4].1 = "500,00";
    assert_eq!(location(&desk.send(&path, &fields).await.assert_status(303)), "/admin/aftercare/offerings?done=saved");
    assert!(desk.read("/admin/aftercare/offerings").await.contains("On sale"));
}

/// The form of the page, filled; the choice is read from the page.
async fn buys(me: &Browser, model: &str) -> StandaloneAftercareRequestId {
    let page = me.read("/patient/aftercare/buy").await;
    let mark = format!("-{model}\"");
    let end = page.find(&mark).unwrap_or_else(|| panic!("{page}"));
    let start = page[..end].rfind("expected_").unwrap();
    let choice = format!("{}-{model}", &page[start + 9..end]);
    let seen = if model == "fixed" { "500.00 GBP" } else { "480.00 GBP" };
    let expected = format!("expected_{choice}");
    let mut fields = vec![
        ("offering", choice.as_str()),
        (expected.as_str(), seen),
        ("clinic_name", ""),
        ("treatment_date", "2026-02-20"),
        ("treatment_type", "FUE"),
        ("graft_count", "2500"),
        ("current_concerns", "Some redness."),
        ("accept_terms", "true"),
    ];
    let again = me.send("/patient/aftercare/buy", &fields).await.assert_status(422).text();
    assert!(
        again.contains("Some redness.") && again.contains("clinic_name-error") && again.contains("value=\"2500\""),
        "{again}"
    );
    fields[2].1 = "Klinik Merkez";
    let made = me.send("/patient/aftercare/buy", &fields).await.assert_status(303);
    let to = location(&made);
    to.strip_prefix("/patient/aftercare/requests/").unwrap().parse().unwrap()
}

async fn pays(me: &Browser, id: StandaloneAftercareRequestId, amount: &str, card: &str) -> String {
    let here = format!("/patient/aftercare/requests/{id}");
    let wrong =
        me.send(&format!("{here}/pay"), &[("expected_amount", "1.00 GBP"), ("accept_automatic_charges", "true")]).await;
    assert!(wrong.assert_status(409).text().contains("not what was shown"));
    let begun = me
        .send(&format!("{here}/pay"), &[("expected_amount", amount), ("accept_automatic_charges", "true")])
        .await
        .assert_status(303);
    let card_page = location(&begun).to_owned();
    let page = me.read(&card_page).await;
    assert!(page.contains("card.number"), "{page}");
    let typed = [("card.number", card), ("card.exp_month", "12/30"), ("card.cvc", "123")];
    let bad = me
        .send(&card_page, &[("card.number", "4242"), ("card.exp_month", "12/30"), ("card.cvc", "123")])
        .await
        .assert_status(422)
        .text();
    assert!(!bad.contains("value=\"4242\""), "no digit of a card comes back");
    location(&me.send(&card_page, &typed).await.assert_status(303)).to_owned()
}

both! {
    async fn r_py_70_from_the_shop_to_the_clinics_statement(t: TestApp) {
        let world = World::new(t).await;
        steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let me = patient(&world).await;
        assert!(me.read("/patient/aftercare").await.contains("/patient/aftercare/buy"));
        assert!(me.read("/patient/aftercare/buy").await.contains("Nothing is on sale"));
        on_sale(&world).await;
        let id = buys(&me, "fixed").await;
        let here = format!("/patient/aftercare/requests/{id}");
        assert!(me.read(&here).await.contains("One step is left"));
        assert!(me.read("/patient/aftercare/buy").await.contains(&here), "one at a time");
        // Refused, asked by the bank, and paid in the end: one charge.
        assert_eq!(pays(&me, id, "500.00 GBP", "4000000000000002").await, here);
        assert!(me.read(&here).await.contains("Your bank refused the last try"));
        let asked = pays(&me, id, "500.00 GBP", "4000002500003155").await;
        assert!(me.read(&asked).await.contains("name=\"answer\""));
        assert_eq!(location(&me.send(&format!("{asked}/authenticate"), &[("answer", "approve")]).await.assert_status(303)), here);
        world.run_jobs().await;
        let page = me.read(&here).await;
        assert!(page.contains("Thank you, your payment arrived") && page.contains("RCT-2603-00001"), "{page}");
        // Staff give it to a clinic, which declines once.
        let desk = staff(&world).await;
        let list = desk.read("/admin/aftercare/requests").await;
        assert!(list.contains("John Doe") && list.contains("SR2603-0001"), "{list}");
        let there = format!("/admin/aftercare/requests/{id}");
        let own = world.clinics[0].id().to_string();
        assert!(desk.send(&format!("{there}/assign"), &[("provider", ""), ("lock_version", "1")]).await.assert_status(422).text().contains("provider-error"));
        desk.send(&format!("{there}/assign"), &[("provider", &own), ("lock_version", "1")]).await.assert_status(303);
        let house = clinic(&world).await;
        assert!(house.read("/provider/aftercare/requests").await.contains("John Doe"));
        let at_clinic = format!("/provider/aftercare/requests/{id}");
        let seen = house.read(&at_clinic).await;
        assert!(seen.contains("Some redness.") && !seen.contains("500.00"), "{seen}");
        assert!(house.send(&format!("{at_clinic}/decline"), &[("reason", "")]).await.assert_status(422).text().contains("reason-error"));
        house.send(&format!("{at_clinic}/decline"), &[("reason", "We are full.")]).await.assert_status(303);
        house.tab.get(&at_clinic).await.assert_status(404);
        assert!(desk.read(&there).await.contains("declined before"));
        desk.send(&format!("{there}/hold"), &[("waits", "true")]).await.assert_status(303);
        desk.send(&format!("{there}/assign"), &[("provider", &own), ("lock_version", "4")]).await.assert_status(303);
        let begun = house.send(&format!("{at_clinic}/begin"), &[]).await.assert_status(303);
        assert!(house.read(location(&begun)).await.contains("AC2603-0001"));
        world.run_jobs().await;
        assert!(me.read(&here).await.contains("Your aftercare is running"));
        assert!(me.read("/patient/aftercare").await.contains("Your bought aftercare"));
        assert!(house.read("/provider/earnings/aftercare").await.contains("Still running"));
        assert!(house.read("/provider/earnings").await.contains("Nothing"), "nothing is earned before its service is over");
        // Staff give a part back, with the amount that is not begun as the most.
        let charge = charges::Entity::find().one(world.t.conn()).await.unwrap().unwrap();
        let refund = format!("{there}/charges/{}/refund", charge.id);
        let again = desk.send(&refund, &[("refund", "500"), ("currency", "GBP"), ("reason", WHY)]).await.assert_status(409).text();
        assert!(again.contains("value=\"500\"") && again.contains(WHY), "{again}");
        desk.send(&refund, &[("refund", "100,00"), ("currency", "GBP"), ("reason", WHY)]).await.assert_status(303);
        world.run_jobs().await;
        assert!(me.read(&here).await.contains("CRN-2603-00001"));
        let told = me.read("/patient/notifications").await;
        assert!(told.contains("Your payment arrived") && told.contains("An aftercare refund is on its way"), "{told}");
        // Six months later the clinic's share is on its statement: 80 percent of what was left.
        world.t.at("2026-09-03T04:00:00Z");
        world.run_jobs().await;
        world.t.at("2026-10-02T04:00:00Z");
        world.run_jobs().await;
        let line = items::Entity::find().one(world.t.conn()).await.unwrap().unwrap();
        assert_eq!((line.kind, line.aftercare_payment_id, line.label.as_deref()), (ProviderBillItemKind::Aftercare, Some(charge.id), Some("SR2603-0001")));
        assert_eq!((line.gross.to_string(), line.commission.to_string(), line.net.to_string()), ("400.00".into(), "80.00".into(), "320.00".into()));
        let bill = bills::Entity::find().one(world.t.conn()).await.unwrap().unwrap();
        assert_eq!((bill.net_amount.to_string(), bill.currency.code().to_owned()), ("320.00".into(), "GBP".into()));
        // The clinic reads what it earned, and what it will be paid.
        let house = clinic(&world).await;
        let earnings = house.read("/provider/earnings").await;
        assert!(earnings.contains("£320.00") && earnings.contains("/provider/earnings/aftercare"), "{earnings}");
        let charges_seen = house.read("/provider/earnings/aftercare").await;
        assert!(charges_seen.contains("SR2603-0001") && charges_seen.contains("£400.00") && charges_seen.contains("£80.00 of it given back"), "{charges_seen}");
        // Not once more on the next one.
        world.t.at("2026-11-02T04:00:00Z");
        world.run_jobs().await;
        assert_eq!(items::Entity::find().order_by_asc(items::Column::Id).all(world.t.conn()).await.unwrap().len(), 1);
        let mut report = payments::service::verify::bookings(&world.t.app, |_| {}).await.unwrap();
        finance::service::verify::statements(&world.t.app, &mut report).await.unwrap();
        assert!(report.is_ok() && report.requests == 1, "{:#?}", report.faults);
    }

    async fn a_patient_stops_what_they_bought(t: TestApp) {
        let world = World::new(t).await;
        steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        on_sale(&world).await;
        let me = patient(&world).await;
        let id = buys(&me, "monthly_subscription").await;
        let here = format!("/patient/aftercare/requests/{id}");
        // Without the word about later months nothing is begun.
        let asked = me.send(&format!("{here}/pay"), &[("expected_amount", "80.00 GBP")]).await.assert_status(422).text();
        assert!(asked.contains("accept_automatic_charges-error"), "{asked}");
        pays(&me, id, "80.00 GBP", "4242424242424242").await;
        world.run_jobs().await;
        assert!(me.read(&here).await.contains("Month 2 of 6"));
        assert_eq!(location(&me.send(&format!("{here}/stop"), &[]).await.assert_status(303)), format!("{here}?done=aftercare-stopped"));
        world.run_jobs().await;
        let page = me.read(&here).await;
        assert!(page.contains("You stopped this request") && page.contains("CRN-2603-00001"), "{page}");
        let states: Vec<Status> = charges::Entity::find().order_by_asc(charges::Column::Id).all(world.t.conn()).await.unwrap().into_iter().map(|row| row.payment_status).collect();
        assert_eq!((states[0], states[1]), (Status::Refunded, Status::Cancelled));
        assert!(me.send(&format!("{here}/stop"), &[]).await.assert_status(409).text().contains("decided already"));
    }

    /// R-ID-67, R-ID-70, R-MG-80: what was bought is care that is owed, and money that moved.
    async fn bought_care_stands_in_the_way_of_an_erasure_and_ends_when_its_years_are_over(t: TestApp) {
        let world = World::new(t).await;
        let own = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        on_sale(&world).await;
        let me = patient(&world).await;
        let id = buys(&me, "fixed").await;
        let path = "/api/v1/me/deletion-request";
        let refused = async |code: &str| {
            let own = world.patient(EMAIL).await;
            own.post(path, json!({})).await.assert_problem(409, code);
        };
        let asked = pays(&me, id, "500.00 GBP", "4000002500003155").await;
        own.post(path, json!({})).await.assert_problem(409, "payment_in_progress");
        me.send(&format!("{asked}/authenticate"), &[("answer", "approve")]).await.assert_status(303);
        world.run_jobs().await;
        refused("active_care").await;
        let desk = staff(&world).await;
        let clinic_id = world.clinics[0].id().to_string();
        let there = format!("/admin/aftercare/requests/{id}");
        desk.send(&format!("{there}/assign"), &[("provider", &clinic_id), ("lock_version", "1")]).await.assert_status(303);
        refused("active_care").await;
        let house = clinic(&world).await;
        house.send(&format!("/provider/aftercare/requests/{id}/begin"), &[]).await.assert_status(303);
        refused("active_care").await;
        // A copy of one's data tells what was bought, what was paid, and has the papers.
        let row = patients::Entity::find().one(world.t.conn()).await.unwrap().unwrap();
        let parts = privacy::service::contents::of(&world.t.app, row.id).await.unwrap();
        let told = |name: &str| -> serde_json::Value {
            serde_json::from_slice(&parts.iter().find(|part| part.name == format!("data/{name}.json")).unwrap().bytes).unwrap()
        };
        let bought = &told("aftercare_purchases")[0];
        assert_eq!((&bought["request_code"], &bought["current_concerns"]), (&json!("SR2603-0001"), &json!("Some redness.")));
        assert_eq!((&bought["charges"][0]["amount"], bought.get("commission_amount")), (&json!("500.00"), None));
        let papers = told("invoices");
        assert!(papers.as_array().unwrap().iter().any(|paper| paper["document_number"] == "RCT-2603-00001"), "{papers}");
        // A part given back is money on its way; then the plan is over.
        world.t.conn().execute_unprepared("UPDATE after_cares SET status = 'completed', updated_at = '2026-03-02 09:00:00'").await.unwrap();
        let charge = charges::Entity::find().one(world.t.conn()).await.unwrap().unwrap();
        let refund = format!("{there}/charges/{}/refund", charge.id);
        desk.send(&refund, &[("refund", "100"), ("currency", "GBP"), ("reason", WHY)]).await.assert_status(303);
        refused("payment_in_progress").await;
        world.run_jobs().await;
        let own = world.patient(EMAIL).await;
        own.post(path, json!({})).await.assert_status(201);
        // The account lives on; seven years after the refund the words go, and every amount stays.
        let run = async || {
            let id = retention::run(&world.t.app, Start::default()).await.unwrap();
            let found = retention_items::Entity::find().filter(retention_items::Column::RetentionRunId.eq(id));
            let mut done: Vec<String> = found.all(world.t.conn()).await.unwrap().into_iter().map(|item| format!("{:?} {:?}", item.data_class, item.outcome)).collect();
            done.sort();
            done
        };
        world.t.at("2033-03-01T03:00:00Z");
        assert_eq!(run().await, [""; 0]);
        world.t.at("2033-03-03T03:00:00Z");
        assert_eq!(run().await, ["Financial Anonymised", "Medical Anonymised"]);
        let rows = charges::Entity::find().order_by_asc(charges::Column::Id).all(world.t.conn()).await.unwrap();
        assert!(rows.iter().all(|row| row.metadata.is_none()));
        assert_eq!(rows.iter().map(|row| row.amount.to_string()).collect::<Vec<_>>(), ["500.00", "100.00"]);
        let order = standalone_aftercare_requests::Entity::find().one(world.t.conn()).await.unwrap().unwrap();
        assert_eq!((order.clinic_name.as_str(), order.current_concerns), ("[erased]", None));
        assert_eq!(run().await, [""; 0]);
    }
}
