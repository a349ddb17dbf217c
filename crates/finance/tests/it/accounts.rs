//! The account a clinic is paid to (R-PY-63, R-PY-64, R-FN-53 to 55).

use finance::entity::banking_details::{self, BankingDetailStatus as Status};
use finance::entity::provider_bills::{ProviderBillReadiness as Readiness, ProviderBillStatus};
use finance::service::{account, readiness};
use kernel::ids::{BankingDetailId, ProviderUserId};
use platform::entity::audit_logs;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use testkit::{Reply, TestApp, actors, at};

use crate::pages::Browser;
use crate::support::{World, clinic, ending, euros, world};
use crate::transfers::listing;

const PATH: &str = "/provider/banking-details";

fn body_of(iban: &str) -> Value {
    json!({
        "account_holder_name": "Bosphorus Hair Ltd.", "bank_name": "Rhein Bank", "bank_country": "DE",
        "currency": "EUR", "iban": iban, "swift_code": "SOGEDEFF",
    })
}

async fn put(t: &TestApp, world: &World, body: Value) -> Reply {
    world.api.as_actor(world.keeper(t).await).put(PATH, body).await
}

async fn versions(t: &TestApp) -> Vec<banking_details::Model> {
    banking_details::Entity::find().order_by_asc(banking_details::Column::Id).all(t.conn()).await.unwrap()
}

testkit::both! {
    /// R-PY-64, R-FN-53: the owner alone, with a proof; the number is never given back, in clear nowhere.
    async fn r_py_64_the_owner_keeps_the_account(t: TestApp) {
        let world = world(&t).await;
        let iban = "DE75512108001245126199";
        let owner = world.api.as_actor(actors::clinic_owner(world.owner, world.provider));
        assert_eq!(owner.get(PATH).await.assert_status(200).at("/account"), &Value::Null);
        for other in [
            actors::clinic_manager(ProviderUserId::new(), world.provider),
            actors::clinic_billing(ProviderUserId::new(), world.provider),
        ] {
            world.api.as_actor(other.clone()).get(PATH).await.assert_status(403);
            world.api.as_actor(other).put(PATH, body_of(iban)).await.assert_status(403);
        }
        let keeper = world.api.as_actor(world.keeper(&t).await);
        t.at("2026-03-01T08:06:00Z");
        keeper.put(PATH, body_of(iban)).await.assert_problem(403, "reauth_required");
        put(&t, &world, body_of("DE75512108001245126198")).await.assert_field("iban", "invalid_iban");
        let mut yen = body_of(iban);
        yen["currency"] = "JPY".into();
        put(&t, &world, yen).await.assert_field("currency", "currency_not_supported");
        let given = put(&t, &world, body_of(iban)).await.assert_status(200);
        assert_eq!((given.str("/account/account_last4"), given.str("/account/status")), ("6199", "active"));
        assert_eq!(given.str("/account/usable_from"), "2026-03-01T08:06:00Z", "the first one has no cool-off");
        for reply in [given, owner.get(PATH).await.assert_status(200)] {
            assert!(!reply.text().contains("1245126199"), "{}", reply.text());
        }
        let row = versions(&t).await.pop().unwrap();
        assert_eq!(row.account_fingerprint.len(), 64);
        assert!(!row.iban_encrypted.clone().unwrap().ciphertext().contains("1245126199"));
        assert_eq!(t.app.keys.open(&row.iban_encrypted.unwrap()).unwrap(), iban);
        assert_eq!(put(&t, &world, body_of(iban)).await.assert_status(200).at("/account/version"), &json!(1), "the same again");
        assert_eq!(versions(&t).await.len(), 1);
    }

    /// R-FN-53: a replacement is a version of its own and waits a day; the owner is told; R-PY-63: approvals fall.
    async fn r_fn_53_a_replacement_waits(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &euros()).await;
        world.treated(&t, "DE", "2400.00", "2026-03-02", "2026-06-15").await;
        let id = world.build(&t, "2026-06-23").await.id;
        world.approve(&t, id).await;
        t.at("2026-06-25T22:00:00Z");
        world.give(&t, &ending(77)).await;
        let rows = versions(&t).await;
        assert_eq!((rows[0].status, rows[0].superseded_by), (Status::Superseded, Some(rows[1].id)));
        assert_eq!((rows[1].status, rows[1].version, rows[1].usable_from), (Status::Pending, 2, at("2026-06-26T22:00:00Z")));
        assert_eq!(rows[0].account_last4, "6199", "the old one is as it was");
        let told = platform::outbox::recorded(t.conn(), Some("payout.bank_details_changed")).await.unwrap();
        assert_eq!((told.len(), told[1].payload["last4"].clone()), (2, json!("0077")));
        let bill = world.bill(&t, id).await;
        assert_eq!((bill.status, bill.readiness), (ProviderBillStatus::PendingApproval, Readiness::ManualReview));
        assert_eq!((bill.blocked_reason.as_deref(), bill.banking_detail_id), (Some("cooling_off"), None));
        let desk = world.desk(&t).await;
        let refused = desk.post(&format!("/admin/bills/{id}/approve"), json!({ "version": bill.version })).await;
        assert_eq!(refused.assert_problem(409, "bill_not_ready").str("/block"), "cooling_off");
        world.payout(&t, "2026-06-26").await;
        assert_eq!(world.bill(&t, id).await.status, ProviderBillStatus::Overdue, "no money left");
        t.at("2026-06-26T22:00:00Z");
        readiness::refresh_waiting(&t.app).await.unwrap();
        assert_eq!(world.bill(&t, id).await.readiness, Readiness::Ready);
        assert_eq!(versions(&t).await[1].status, Status::Active);
        world.approve(&t, id).await;
        t.run_jobs(&crate::support::registry()).await;
        let bill = world.bill(&t, id).await;
        assert_eq!((bill.status, bill.banking_detail_id), (ProviderBillStatus::Paid, Some(rows[1].id)));
        // R-FN-54: each time a number is opened is on record.
        let opened = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("bank_details.opened"));
        assert_eq!(opened.count(t.conn()).await.unwrap(), 1);
    }

    /// The cool-off is a setting from 0 to 72 hours.
    async fn the_cool_off_is_a_setting(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &euros()).await;
        let changes = platform::settings::Changes::new().with(&finance::settings::COOL_OFF_HOURS, 0);
        platform::settings::set(&t.app, &actors::super_admin(world.admin), "payout", changes, "Agreed with the clinics.").await.unwrap();
        world.give(&t, &ending(77)).await;
        let newest = versions(&t).await.pop().unwrap();
        assert_eq!((newest.status, newest.usable_from), (Status::Active, t.now()));
    }

    /// Where the gateway pays into accounts of its own the owner names the clinic's, and another one waits as another
    /// number does.
    async fn the_account_at_the_gateway_is_a_part_of_it(t: TestApp) {
        let mut t = t;
        let world = world(&t).await;
        let with = |connected: &str| {
            let mut body = body_of("DE75512108001245126199");
            body["gateway_destination_id"] = connected.into();
            body
        };
        put(&t, &world, with("ba_1Hfs81CcMWPWDsVr")).await.assert_field("gateway_destination_id", "connected_account_invalid");
        for _ in 0..2 {
            let given = put(&t, &world, with("acct_1Hfs81CcMWPWDsVr")).await.assert_status(200);
            assert_eq!(given.str("/account/gateway_destination_id"), "acct_1Hfs81CcMWPWDsVr");
            assert_eq!(versions(&t).await.len(), 1);
        }
        let another = put(&t, &world, with("acct_2Kdt92DdNXQXEtWs")).await.assert_status(200);
        assert_eq!((another.str("/account/status"), versions(&t).await.len()), ("pending", 2));
        let page = "/provider/bank-details";
        let plain = Browser::of(&t, world.keeper(&t).await).read(page).await;
        assert!(!plain.contains("name=\"gateway_destination_id\""), "the simulator sends to banks");
        listing(&mut t, json!([])).await;
        let owner = Browser::of(&t, world.keeper(&t).await);
        let asked = owner.read(page).await;
        assert!(asked.contains("name=\"gateway_destination_id\"") && asked.contains("acct_2Kdt92DdNXQXEtWs"), "{asked}");
        let typed = [("account_holder_name", "Bosphorus Hair Ltd."), ("gateway_destination_id", "acct 7")];
        let again = owner.post(page, &typed).await.assert_status(422).text();
        assert!(again.contains("value=\"acct 7\"") && again.contains("gateway_destination_id-error"), "{again}");
    }

    /// R-FN-55: the same account of two payees stops both until somebody looked at it.
    /// Two clinics with numbers of their own that name one account at the gateway.
    async fn r_fn_55_one_account_at_the_gateway_for_two_is_looked_at(t: TestApp) {
        let world = world(&t).await;
        let with = |iban: &str| {
            let mut body = body_of(iban);
            body["gateway_destination_id"] = "acct_1Hfs81CcMWPWDsVr".into();
            body
        };
        put(&t, &world, with("DE75512108001245126199")).await.assert_status(200);
        world.treated(&t, "DE", "2400.00", "2026-03-02", "2026-06-15").await;
        let id = world.build(&t, "2026-06-23").await.id;
        let (other, owner) = clinic(&t, "Danube Hair", "nil@clinic.example").await;
        let rival = World { provider: other, owner, api: world.api.clone(), ..world };
        put(&t, &rival, with(&finance::seed::german_iban(1_230_888))).await.assert_status(200);
        assert_eq!(rival.bill(&t, id).await.blocked_reason.as_deref(), Some("shared_account"));
    }

    async fn r_fn_55_a_shared_account_is_looked_at(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &euros()).await;
        world.treated(&t, "DE", "2400.00", "2026-03-02", "2026-06-15").await;
        let id = world.build(&t, "2026-06-23").await.id;
        world.approve(&t, id).await;
        let (other, owner) = clinic(&t, "Danube Hair", "nil@clinic.example").await;
        let rival = World { provider: other, owner, api: world.api.clone(), ..world };
        rival.give(&t, &euros()).await;
        let bill = rival.bill(&t, id).await;
        assert_eq!((bill.status, bill.blocked_reason.as_deref()), (ProviderBillStatus::PendingApproval, Some("shared_account")));
        let mine = versions(&t).await[0].id;
        let desk = rival.desk(&t).await;
        let clear = |id: BankingDetailId| format!("/admin/banking-details/{id}/clear");
        let why = json!({ "reason": "Both clinics belong to the same company." });
        desk.post(&clear(BankingDetailId::new()), json!({ "reason": "short" })).await.assert_problem(404, "not_found");
        desk.post(&clear(mine), json!({ "reason": "short" })).await.assert_field("reason", "reason_length");
        desk.post(&clear(mine), why.clone()).await.assert_status(204);
        assert!(versions(&t).await.iter().all(|row| row.shared_cleared_at.is_some() && row.shared_cleared_by_user_id == Some(rival.admin)));
        assert_eq!(rival.bill(&t, id).await.readiness, Readiness::Ready);
        // A third payee flags them all again.
        let (third, owner) = clinic(&t, "Atlantico Hair", "rui@clinic.example").await;
        let third = World { provider: third, owner, api: rival.api.clone(), ..rival };
        third.give(&t, &euros()).await;
        assert_eq!(third.bill(&t, id).await.blocked_reason.as_deref(), Some("shared_account"));
        let alone = account::clear(&t.app, &third.chief(&t).await, versions(&t).await[0].id, "They are one company by now.").await;
        alone.unwrap();
        assert_eq!(third.bill(&t, id).await.readiness, Readiness::Ready);
    }
}
