//! What staff decide about statements (4.6, R-FN-48, R-PY-63), and who may see them.

use finance::entity::provider_bills::{ProviderBillReadiness as Readiness, ProviderBillStatus as Status};
use finance::rules::account::Typed;
use finance::service::{decide, pay};
use kernel::ids::{ProviderBillId, ProviderUserId};
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::json;
use testkit::{TestApp, actors};

use crate::support::{World, amount, clinic, ending, euros, registry, world};

const WHY: &str = "A refund of the same week is still to be booked.";

/// A statement that waits for its approval.
async fn waiting(t: &TestApp) -> (World, ProviderBillId) {
    let world = world(t).await;
    world.give(t, &euros()).await;
    world.treated(t, "DE", "2400.00", "2026-03-02", "2026-06-15").await;
    let bill = world.build(t, "2026-06-23").await;
    (world, bill.id)
}

fn path(id: ProviderBillId, step: &str) -> String {
    format!("/admin/bills/{id}/{step}")
}

testkit::both! {
    /// Race 9: two of staff approve one statement; the second is told so, and one transfer is made.
    async fn race_9_two_approve_at_once(t: TestApp) {
        let (world, id) = waiting(&t).await;
        let chief = world.chief(&t).await;
        let one = || Box::pin(decide::approve(&t.app, &chief, id, 1, None));
        let (a, b) = tokio::join!(one(), one());
        assert_ne!(a.is_ok(), b.is_ok());
        assert_eq!(a.err().or(b.err()).unwrap().code, "invalid_transition");
        t.at("2026-06-26T06:00:00Z");
        let run = || Box::pin(pay::payout_day(&t.app));
        let (first, second) = tokio::join!(run(), run());
        first.and(second).unwrap();
        let bill = world.bill(&t, id).await;
        assert_eq!((bill.status, bill.transfer_attempt), (Status::Paid, 1));
        assert_eq!(world.ledger(&t, id).await.len(), 2, "one transfer");
        pay::payout_day(&t.app).await.unwrap();
        pay::pay(&t.app, id).await.unwrap();
        assert_eq!(world.ledger(&t, id).await.len(), 2);
    }

    /// 4.6: each step with its guard, over the API.
    async fn the_steps_of_a_statement(t: TestApp) {
        let (world, id) = waiting(&t).await;
        let mut old = actors::super_admin(world.admin);
        old.session = world.chief(&t).await.session;
        let stale = world.api.as_actor(old);
        t.at("2026-06-23T08:00:00Z");
        stale.post(&path(id, "approve"), json!({ "version": 1 })).await.assert_problem(403, "reauth_required");
        let desk = world.desk(&t).await;
        desk.post(&path(id, "approve"), json!({ "version": 2 })).await.assert_problem(409, "stale_version");
        desk.post(&path(id, "retry"), json!({ "version": 1 })).await.assert_problem(409, "invalid_transition");
        desk.post(&path(id, "approve"), json!({ "version": 1 })).await.assert_status(204);
        desk.post(&path(id, "void"), json!({ "version": 2, "reason": WHY })).await.assert_problem(409, "invalid_transition");
        desk.post(&path(id, "unapprove"), json!({ "version": 2, "reason": "Too short." })).await.assert_field("reason", "reason_length");
        desk.post(&path(id, "unapprove"), json!({ "version": 2, "reason": WHY })).await.assert_status(204);
        let bill = world.bill(&t, id).await;
        assert_eq!((bill.status, bill.approved_at, bill.banking_detail_id), (Status::PendingApproval, None, None));
        desk.post(&path(id, "notes"), json!({ "note": "Called the clinic." })).await.assert_status(204);
        desk.post(&path(id, "notes"), json!({ "note": "x".repeat(501) })).await.assert_field("note", "text_length");
        let seen = desk.get(&format!("/admin/bills/{id}")).await.assert_status(200);
        assert_eq!((seen.str("/notes/0/text"), seen.str("/account/account_last4")), ("Called the clinic.", "6199"));

        // R-FN-48: its lines go onto the next one; the morning after it is built anew as R2.
        desk.post(&path(id, "void"), json!({ "version": 3, "reason": WHY })).await.assert_status(204);
        finance::service::build::build_due(&t.app).await.unwrap();
        assert_eq!(world.bills(&t).await.len(), 1, "not on the same day");
        let again = world.build(&t, "2026-06-24").await;
        assert_ne!(again.id, id);
        assert!(again.bill_reference.ends_with("-2026-W25-R2"), "{}", again.bill_reference);
        assert_eq!(again.net_amount, amount("1920.00"));
        let voided = world.lines(&t, id).await;
        assert!(voided.iter().all(|line| !line.active));
    }

    /// R-PY-62: nobody approved in time, so it is overdue; approved then, it is paid at once.
    async fn r_py_62_an_overdue_statement_is_paid_once_it_is_approved(t: TestApp) {
        let (world, id) = waiting(&t).await;
        t.at("2026-06-26T05:59:00Z");
        pay::payout_day(&t.app).await.unwrap();
        assert_eq!(world.bill(&t, id).await.status, Status::PendingApproval);
        world.payout(&t, "2026-06-26").await;
        assert_eq!(world.bill(&t, id).await.status, Status::Overdue);
        let told = platform::outbox::recorded(t.conn(), Some("payout.overdue")).await.unwrap();
        assert_eq!((told.len(), told[0].payload["count"].clone()), (1, json!(1)));
        pay::payout_day(&t.app).await.unwrap();
        assert_eq!(platform::outbox::recorded(t.conn(), Some("payout.overdue")).await.unwrap().len(), 1);
        t.at("2026-06-27T09:00:00Z");
        world.approve(&t, id).await;
        t.run_jobs(&registry()).await;
        let bill = world.bill(&t, id).await;
        assert_eq!((bill.status, bill.transfer_attempt), (Status::Paid, 1));
        for key in ["payout.statements_ready", "payout.provider_processed"] {
            assert_eq!(platform::outbox::recorded(t.conn(), Some(key)).await.unwrap().len(), 1, "{key}");
        }
    }

    /// What the gateway could not send is not approved: it reaches a clinic once that named its account there.
    async fn a_clinic_the_gateway_does_not_reach_is_not_approved(t: TestApp) {
        let mut t = t;
        let (world, id) = waiting(&t).await;
        crate::transfers::listing(&mut t, json!([])).await;
        let chief = world.chief(&t).await;
        let bill = world.bill(&t, id).await;
        let refused = decide::approve(&t.app, &chief, id, bill.version, None).await.unwrap_err();
        assert_eq!((refused.code.as_ref(), &refused.extra["block"]), ("bill_not_ready", &json!("not_connected")));
        world.give(&t, &Typed { connected: "acct_1Hfs81CcMWPWDsVr".into(), ..euros() }).await;
        assert_eq!(world.bill(&t, id).await.blocked_reason.as_deref(), Some("cooling_off"));
        t.at("2026-06-25T08:00:00Z");
        finance::service::readiness::refresh_waiting(&t.app).await.unwrap();
        world.approve(&t, id).await;
        assert_eq!(world.bill(&t, id).await.status, Status::Approved);
    }

    /// R-FN-48: each by itself; the answer tells what failed and why.
    async fn r_fn_48_many_at_once(t: TestApp) {
        let (world, id) = waiting(&t).await;
        let (other, owner) = clinic(&t, "Danube Hair", "nil@clinic.example").await;
        let second = World { provider: other, owner, api: world.api.clone(), ..world };
        t.at("2026-06-23T08:00:00Z");
        second.agree(&t, "2026-01-01", None, 20, directory::entity::provider_commissions::ProviderCommissionPaymentCycle::Weekly).await;
        second.treated(&t, "DE", "1000.00", "2026-03-02", "2026-06-16").await;
        let poor = second.build(&t, "2026-06-24").await;
        assert_eq!((poor.readiness, poor.blocked_reason.as_deref()), (Readiness::MissingBankDetails, Some("no_account")));
        let desk = second.desk(&t).await;
        let nobody = ProviderBillId::new();
        let chosen = json!({ "bills": [
            { "id": poor.id, "version": 1 }, { "id": id, "version": 1 }, { "id": nobody, "version": 1 },
        ] });
        let done = desk.post("/admin/bills/batch-approve", chosen.clone()).await.assert_status(200);
        assert_eq!(done.at("/approved"), &json!([id]));
        assert_eq!((done.str("/failed/0/code"), done.str("/failed/0/block")), ("bill_not_ready", "no_account"));
        assert_eq!(done.str("/failed/1/code"), "not_found");
        let again = desk.post("/admin/bills/batch-approve", chosen).await.assert_status(200);
        assert_eq!((again.at("/approved"), again.str("/failed/1/code")), (&json!([]), "invalid_transition"));
        desk.post("/admin/bills/batch-approve", json!({ "bills": [] })).await.assert_field("bills", "count_out_of_range");
        let (list, statements) = platform::db::count_statements(desk.get("/admin/bills")).await;
        assert_eq!(list.assert_status(200).at("/meta/total"), &json!(2));
        assert!(statements <= 8, "{statements}");
    }

    /// R-PY-63: far above the usual needs somebody who looked at it.
    async fn r_py_63_twice_the_average_is_reviewed(t: TestApp) {
        let (world, _) = waiting(&t).await;
        world.approve(&t, world.newest(&t).await.id).await;
        world.payout(&t, "2026-06-26").await;
        world.treated(&t, "DE", "4800.01", "2026-03-05", "2026-06-30").await;
        let large = world.build(&t, "2026-07-07").await;
        assert_eq!((large.net_amount, large.readiness), (amount("3840.01"), Readiness::ManualReview));
        let desk = world.desk(&t).await;
        desk.post(&path(large.id, "approve"), json!({ "version": 1 })).await.assert_problem(409, "bill_not_ready");
        desk.post(&path(large.id, "approve"), json!({ "version": 1, "review_reason": "Looks right." })).await.assert_field("review_reason", "reason_length");
        let chosen = json!({ "bills": [{ "id": large.id, "version": 1 }] });
        let done = desk.post("/admin/bills/batch-approve", chosen).await.assert_status(200);
        assert_eq!(done.str("/failed/0/block"), "above_average");
        let reviewed = json!({ "version": 1, "review_reason": "The clinic treated twice as many patients." });
        desk.post(&path(large.id, "approve"), reviewed).await.assert_status(204);
        world.payout(&t, "2026-07-10").await;
        assert_eq!(world.bill(&t, large.id).await.status, Status::Paid);
    }

    /// R-FN-51: a statement whose lines do not add up to it is stopped, and no other.
    async fn r_fn_51_a_wrong_sum_is_stopped(t: TestApp) {
        let (world, id) = waiting(&t).await;
        world.approve(&t, id).await;
        let wrong = format!("UPDATE provider_bills SET gross_amount = gross_amount + 1, net_amount = net_amount + 1 WHERE id = '{id}'");
        t.conn().execute_unprepared(&wrong).await.unwrap();
        world.payout(&t, "2026-06-26").await;
        let bill = world.bill(&t, id).await;
        assert_eq!((bill.status, bill.readiness), (Status::Overdue, Readiness::ManualReview));
        assert_eq!(bill.blocked_reason.as_deref(), Some("lines_differ"));
        assert!(world.ledger(&t, id).await.is_empty());
        let chief = world.chief(&t).await;
        let refused = decide::approve(&t.app, &chief, id, bill.version, Some("The sum was compared by hand.")).await.unwrap_err();
        assert_eq!(refused.code, "bill_not_ready");
    }

    /// A refusal of the bank is tried again with the next attempt; silence is asked after with the same key.
    async fn the_bank_refuses_and_the_bank_is_slow(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &ending(341)).await;
        world.treated(&t, "DE", "2400.00", "2026-03-02", "2026-06-15").await;
        let id = world.build(&t, "2026-06-23").await.id;
        world.approve(&t, id).await;
        world.payout(&t, "2026-06-26").await;
        let bill = world.bill(&t, id).await;
        assert_eq!((bill.status, bill.failure_reason.as_deref(), bill.transfer_attempt), (Status::Failed, Some("bank_refused"), 1));
        assert!(world.ledger(&t, id).await.is_empty());
        assert_eq!(platform::outbox::recorded(t.conn(), Some("payout.failed")).await.unwrap().len(), 1);
        let desk = world.desk(&t).await;
        desk.post(&path(id, "retry"), json!({ "version": bill.version })).await.assert_status(204);
        t.run_jobs(&registry()).await;
        let bill = world.bill(&t, id).await;
        assert_eq!((bill.status, bill.transfer_attempt, bill.failure_reason), (Status::Paid, 2, None));
        assert!(bill.transfer_id.unwrap().ends_with('2'), "po:{{bill}}:2");

        t.at("2026-06-27T09:00:00Z");
        world.give(&t, &ending(1000)).await;
        world.treated(&t, "DE", "2400.00", "2026-03-05", "2026-06-30").await;
        let id = world.build(&t, "2026-07-07").await.id;
        world.approve(&t, id).await;
        world.payout(&t, "2026-07-10").await;
        assert_eq!(world.bill(&t, id).await.status, Status::Processing);
        for (at, status) in [("06:09", Status::Processing), ("06:20", Status::Processing), ("06:30", Status::Paid)] {
            t.at(&format!("2026-07-10T{at}:00Z"));
            pay::poll(&t.app).await.unwrap();
            assert_eq!(world.bill(&t, id).await.status, status, "{at}");
        }
        assert_eq!(world.bill(&t, id).await.transfer_attempt, 1);
        assert_eq!(world.ledger(&t, id).await.len(), 2);
    }

    /// R-FN-46: clinics see a statement once its money left; nobody sees a foreign one.
    async fn r_fn_46_who_sees_what(t: TestApp) {
        let (world, id) = waiting(&t).await;
        let (other, owner) = clinic(&t, "Danube Hair", "nil@clinic.example").await;
        let mine = world.api.as_actor(actors::clinic_owner(world.owner, world.provider));
        let billing = world.api.as_actor(actors::clinic_billing(ProviderUserId::new(), world.provider));
        let manager = world.api.as_actor(actors::clinic_manager(ProviderUserId::new(), world.provider));
        let clinical = world.api.as_actor(actors::clinic_clinical(ProviderUserId::new(), world.provider));
        let rival = world.api.as_actor(actors::clinic_owner(owner, other));
        let one = format!("/provider/payouts/{id}");
        mine.get(&one).await.assert_problem(404, "not_found");
        assert_eq!(mine.get("/provider/payouts").await.assert_status(200).at("/meta/total"), &json!(0));
        let earned = mine.get("/provider/earnings").await.assert_status(200);
        assert_eq!((earned.str("/data/0/net/amount"), earned.str("/data/0/state")), ("1920.00", "pending"));
        assert_eq!((earned.str("/summary/pending/0/amount"), earned.str("/summary/next_payout")), ("1920.00", "2026-06-26"));

        world.approve(&t, id).await;
        world.payout(&t, "2026-06-26").await;
        let (seen, statements) = platform::db::count_statements(mine.get(&one)).await;
        assert_eq!(seen.assert_status(200).str("/document_number"), "PIN-2606-00001");
        assert!(statements <= 8, "{statements}");
        assert_eq!(billing.get("/provider/payouts").await.assert_status(200).at("/meta/total"), &json!(1));
        for shut in [&manager, &clinical] {
            shut.get("/provider/payouts").await.assert_status(403);
            shut.get(&one).await.assert_status(403);
        }
        manager.get("/provider/earnings").await.assert_status(200);
        clinical.get("/provider/earnings").await.assert_status(403);
        rival.get(&one).await.assert_problem(404, "not_found");
        assert_eq!(rival.get("/provider/earnings").await.assert_status(200).at("/meta/total"), &json!(0));
        let text = mine.get(&format!("{one}?format=csv")).await.assert_status(200).text();
        assert!(text.starts_with("reference,kind,") && text.contains(",earning,BKG-2603-00001,EUR,2400.00,480.00,1920.00,"), "{text}");
        let text = mine.get("/provider/earnings?format=csv").await.assert_status(200).text();
        assert!(text.contains(",EUR,2400.00,480.00,1920.00,0.00,paid"), "{text}");

        // Foreign ids come before what was sent with them.
        let (nobody, desk) = (ProviderBillId::new(), world.desk(&t).await);
        for (step, sent) in [
            ("approve", json!({ "version": 1, "review_reason": "short" })),
            ("unapprove", json!({ "version": 1, "reason": "short" })),
            ("void", json!({ "version": 1, "reason": "short" })),
            ("retry", json!({ "version": 1 })),
            ("notes", json!({ "note": "" })),
        ] {
            desk.post(&path(nobody, step), sent.clone()).await.assert_problem(404, "not_found");
            mine.post(&path(id, step), sent).await.assert_status(403);
        }
        mine.get("/admin/bills").await.assert_status(403);
        desk.get(&format!("/admin/bills/{nobody}")).await.assert_problem(404, "not_found");
    }

    /// No statement, line or account is ever deleted.
    async fn nothing_is_deleted(t: TestApp) {
        let (world, id) = waiting(&t).await;
        let line = world.lines(&t, id).await[0].id;
        let account = finance::entity::banking_details::Entity::find().one(t.conn()).await.unwrap().unwrap().id;
        for (table, row) in [
            ("provider_bills", id.to_string()),
            ("provider_bill_items", line.to_string()),
            ("banking_details", account.to_string()),
            ("payout_batches", world.bill(&t, id).await.batch_id.unwrap().to_string()),
        ] {
            let refused = t.conn().execute_unprepared(&format!("DELETE FROM {table} WHERE id = '{row}'")).await;
            assert!(refused.is_err(), "{table}");
        }
    }
}
