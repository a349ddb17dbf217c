//! What Hairline keeps of a booking, as staff set it (R-PY-58, R-PY-71, R-PY-72, R-MG-09).

use chrono::TimeDelta;
use directory::entity::provider_commissions as agreed;
use kernel::Guard;
use kernel::ids::ProviderId;
use platform::entity::audit_logs;
use platform::outbox;
use quoting::entity::booking_terms;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use testkit::{TestApp, both};

use crate::steps;
use crate::tab::{cookie_of, proof, root, tab};
use crate::world::World;

const PATH: &str = "/api/v1/admin/settings/commission";
const WHY: &str = "Agreed with the owner for two hundred patients.";

fn rate(percent: i32, version: u64) -> Value {
    json!({ "percent": percent, "version": version, "reason": WHY })
}

fn share(percent: i32, version: u64, from: Option<&str>) -> Value {
    json!({ "charge": { "type": "percentage", "percent": percent }, "payment_cycle": "weekly", "payout_offset_days": 3, "effective_from": from, "version": version, "reason": WHY })
}

fn of(world: &World, index: usize) -> String {
    format!("/api/v1/admin/providers/{}/commission", world.clinics[index].id())
}

async fn frozen(world: &World) -> Vec<(Option<kernel::Amount>, kernel::Amount)> {
    let rows = booking_terms::Entity::find().order_by_asc(booking_terms::Column::Id).all(world.t.conn()).await.unwrap();
    rows.iter().map(|row| (row.commission_amount, row.total_amount)).collect()
}

async fn audited(world: &World, action: &str) -> usize {
    audit_logs::Entity::find().filter(audit_logs::Column::Action.eq(action)).all(world.t.conn()).await.unwrap().len()
}

both! {
    async fn r_py_58_the_platforms_rate_has_a_history(t: TestApp) {
        let world = World::new(t).await;
        let admin = world.admin().await;
        let seen = admin.get(PATH).await.assert_status(200);
        assert_eq!((seen.at("/percent"), seen.at("/version")), (&json!(20), &json!(0)));
        for wrong in [14, 26] {
            admin.post(PATH, rate(wrong, 0)).await.assert_status(422).assert_field("percent", "out_of_range");
            admin.post(&format!("{PATH}/preview"), json!({ "percent": wrong })).await.assert_status(422);
        }
        admin.post(PATH, rate(20, 0)).await.assert_status(422).assert_field("percent", "commission_unchanged");
        admin.post(PATH, json!({ "percent": 22, "version": 0, "reason": "soon" })).await.assert_status(422).assert_field("reason", "reason_length");
        let past = json!({ "percent": 22, "version": 0, "reason": WHY, "effective_from": world.t.now() - TimeDelta::days(1) });
        admin.post(PATH, past).await.assert_status(422).assert_field("effective_from", "commission_in_the_past");
        let example = admin.post(&format!("{PATH}/preview"), json!({ "percent": 22 })).await.assert_status(200);
        assert_eq!((example.str("/price/amount"), example.str("/before/amount"), example.str("/after/amount")), ("2400.00", "480.00", "528.00"));
        assert_eq!(admin.get(PATH).await.at("/version"), &json!(0), "nothing was saved");
        // A planned rate waits for its day.
        let day = world.t.now() + TimeDelta::days(10);
        admin.post(PATH, json!({ "percent": 25, "version": 0, "reason": WHY, "effective_from": day })).await.assert_status(204);
        admin.post(PATH, rate(22, 0)).await.assert_problem(409, "stale_version");
        let seen = admin.get(PATH).await.assert_status(200);
        assert_eq!((seen.at("/percent"), seen.at("/planned/percent"), seen.at("/history/meta/total")), (&json!(20), &json!(25), &json!(1)));
        world.t.advance(TimeDelta::days(11));
        let seen = world.admin().await.get(PATH).await.assert_status(200);
        assert_eq!((seen.at("/percent"), seen.at("/planned")), (&json!(25), &Value::Null));
        assert_eq!(audited(&world, "setting.commission_changed").await, 1);
    }

    /// What is confirmed keeps its own, later bookings take what is in force on their day.
    async fn r_py_58_new_bookings_only(t: TestApp) {
        let world = World::new(t).await;
        let (_, patient, quote) = steps::offered(&world).await;
        steps::accept(&patient, &quote).await.assert_status(200);
        let admin = world.admin().await;
        let version = admin.get(&of(&world, 0)).await.get::<u64>("/version");
        admin.post(&of(&world, 0), share(15, version, None)).await.assert_status(204);
        steps::pay(&world, &patient, &quote, "deposit").await;
        let kept = frozen(&world).await;
        let (commission, total) = kept[0];
        assert_eq!(commission, total.percent(rust_decimal::Decimal::from(15)), "the terms of the day of the confirmation");
        let version = admin.get(&of(&world, 0)).await.get::<u64>("/version");
        admin.post(&of(&world, 0), share(25, version, None)).await.assert_status(204);
        assert_eq!(frozen(&world).await, kept, "what is confirmed keeps its own");
    }

    async fn r_mg_09_a_clinics_terms_follow_each_other_without_a_gap(t: TestApp) {
        let world = World::new(t).await;
        let admin = world.admin().await;
        let path = of(&world, 0);
        let day = |days: i64| (world.t.now() + TimeDelta::days(days)).date_naive().to_string();
        let seen = admin.get(&path).await.assert_status(200);
        // The clinics of these tests come with terms: one version, open to the end.
        assert_eq!((seen.at("/is_own"), seen.at("/charge/percent")), (&json!(true), &json!(20)));
        let first = seen.get::<u64>("/version");
        for (body, field) in [
            (share(14, first, None), "percent"),
            (share(18, first, Some(&day(-1))), "effective_from"),
            (share(18, first, Some(&day(400))), "effective_from"),
            (json!({ "charge": { "type": "flat", "fee": { "amount": "0.00", "currency": "USD" } }, "payment_cycle": "weekly", "payout_offset_days": 3, "version": first, "reason": WHY }), "fee"),
            (json!({ "charge": { "type": "flat", "fee": { "amount": "100.00", "currency": "CHF" } }, "payment_cycle": "weekly", "payout_offset_days": 3, "version": first, "reason": WHY }), "fee"),
            (json!({ "charge": { "type": "percentage", "percent": 18 }, "payment_cycle": "weekly", "payout_offset_days": 16, "version": first, "reason": WHY }), "payout_offset_days"),
        ] {
            let refused = admin.post(&path, body.clone()).await.assert_status(422);
            assert!(refused.at("/errors").get(field).is_some(), "{body}: {}", refused.text());
        }
        let example = admin.post(&format!("{path}/preview"), share(18, 0, None)).await.assert_status(200);
        assert_eq!((example.str("/before/amount"), example.str("/after/amount")), ("480.00", "432.00"));
        // From today; a later one planned; then one that comes before the planned one.
        admin.post(&path, share(18, first, None)).await.assert_status(204);
        admin.post(&path, share(19, first, None)).await.assert_problem(409, "stale_version");
        let version = admin.get(&path).await.get::<u64>("/version");
        admin.post(&path, share(17, version, Some(&day(30)))).await.assert_status(204);
        let version = admin.get(&path).await.get::<u64>("/version");
        admin.post(&path, share(16, version, Some(&day(20)))).await.assert_status(204);
        let seen = admin.get(&path).await.assert_status(200);
        let line = |row: &Value| (row["charge"]["percent"].as_i64().unwrap(), row["standing"].as_str().unwrap().to_owned());
        let history: Vec<_> = seen.at("/history/data").as_array().unwrap().iter().map(line).collect();
        assert_eq!(history, [(17, "archived".to_owned()), (16, "planned".to_owned()), (18, "current".to_owned()), (20, "archived".to_owned())], "the first began today too");
        assert_eq!((seen.at("/charge/percent"), seen.str("/payment_cycle")), (&json!(18), "weekly"));
        let rows = agreed::Entity::find().filter(agreed::Column::ProviderId.eq(world.clinics[0].id())).filter(agreed::Column::Status.eq(agreed::ProviderCommissionStatus::Active)).order_by_asc(agreed::Column::EffectiveFrom).all(world.t.conn()).await.unwrap();
        let ends: Vec<_> = rows.iter().map(|row| row.effective_to.and_then(|end| end.succ_opt())).collect();
        let begins: Vec<_> = rows.iter().skip(1).map(|row| Some(row.effective_from)).chain([None]).collect();
        assert_eq!(ends, begins, "no gap and no overlap");
        // An end that was set already moves, and whoever read it before has to look again.
        let version = seen.get::<u64>("/version");
        let back = |from: i64, version: u64| json!({ "charge": { "type": "platform" }, "payment_cycle": "monthly", "payout_offset_days": 5, "effective_from": day(from), "version": version, "reason": WHY });
        world.t.advance(TimeDelta::minutes(1));
        admin.post(&path, back(8, version)).await.assert_status(204);
        let moved = admin.get(&path).await.get::<u64>("/version");
        world.t.advance(TimeDelta::minutes(1));
        admin.post(&path, back(7, moved)).await.assert_status(204);
        admin.post(&path, back(6, moved)).await.assert_problem(409, "stale_version");
        let seen = admin.get(&path).await.assert_status(200);
        // Back to the platform's rate; how the clinic is paid goes on.
        let version = seen.get::<u64>("/version");
        admin.post(&path, back(5, version)).await.assert_status(204);
        world.t.advance(TimeDelta::days(25));
        let seen = world.admin().await.get(&path).await.assert_status(200);
        assert_eq!((seen.at("/is_own"), seen.at("/charge/percent"), seen.str("/payment_cycle")), (&json!(false), &json!(20), "weekly"));
    }

    async fn r_mg_09_the_owner_is_told_and_reads_the_own_terms(t: TestApp) {
        let world = World::new(t).await;
        let admin = world.admin().await;
        let version = admin.get(&of(&world, 0)).await.get::<u64>("/version");
        let fee = json!({ "charge": { "type": "flat", "fee": { "amount": "250.00", "currency": "USD" } }, "payment_cycle": "monthly", "payout_offset_days": 5, "version": version, "reason": WHY });
        admin.post(&of(&world, 0), fee).await.assert_status(204);
        let own = world.clinic(0).await.get("/api/v1/provider/commission").await.assert_status(200);
        assert_eq!((own.str("/charge/fee/amount"), own.at("/is_own")), ("250.00", &json!(true)));
        assert!(!own.text().contains(WHY), "why is between Hairline's own people");
        let other = world.clinic(1).await.get("/api/v1/provider/commission").await.assert_status(200);
        assert_eq!(other.at("/charge/percent"), &json!(20), "the other clinic's terms are as they were");
        assert_eq!(outbox::recorded(world.t.conn(), Some("provider.commission_changed")).await.unwrap().len(), 1);
        assert_eq!(audited(&world, "provider.commission_changed").await, 1);
        let line = admin.get(&format!("{PATH}/clinics")).await.assert_status(200);
        assert_eq!(line.at("/meta/total"), &json!(2));
        assert!(line.text().contains("\"250.00\""), "{}", line.text());
        // Others have no part in it.
        world.clinic(0).await.get(&of(&world, 0)).await.assert_problem(401, "wrong_guard");
        world.clinic(0).await.post(PATH, rate(15, 0)).await.assert_problem(401, "wrong_guard");
        world.http.get(PATH).await.assert_status(401);
        admin.get(&format!("/api/v1/admin/providers/{}/commission", ProviderId::new())).await.assert_status(404);
        admin.post(&format!("/api/v1/admin/providers/{}/commission", ProviderId::new()), share(18, 0, None)).await.assert_status(404);
    }

    async fn several_clinics_change_together_or_not_at_all(t: TestApp) {
        let world = World::new(t).await;
        let admin = world.admin().await;
        let path = format!("{PATH}/clinics");
        let body = |ids: &[ProviderId]| json!({ "provider_ids": ids, "charge": { "type": "percentage", "percent": 17 }, "payment_cycle": "monthly", "payout_offset_days": 5, "reason": WHY });
        let both = [world.clinics[0].id(), world.clinics[1].id()];
        let all = async || agreed::Entity::find().order_by_asc(agreed::Column::Id).all(world.t.conn()).await.unwrap();
        let before = all().await;
        admin.post(&path, body(&[both[0], ProviderId::new()])).await.assert_status(404);
        assert_eq!(all().await, before, "not one of them");
        admin.post(&path, body(&[])).await.assert_status(422).assert_field("provider_ids", "too_many");
        admin.post(&path, body(&both)).await.assert_status(204);
        let rows = all().await.split_off(before.len());
        assert_eq!((before.len(), rows.len()), (2, 2), "one new version of each");
        assert!(rows[0].scope_id.is_some() && rows[0].scope_id == rows[1].scope_id);
    }

    async fn of_two_who_change_terms_at_once_one_is_told_to_look_again(t: TestApp) {
        let world = World::new(t).await;
        let admin = world.admin().await;
        let path = of(&world, 0);
        let seen = admin.get(&path).await.get::<u64>("/version");
        let (a, b) = tokio::join!(admin.post(&path, share(18, seen, None)), admin.post(&path, share(19, seen, None)));
        let mut answers = [a.status.as_u16(), b.status.as_u16()];
        answers.sort_unstable();
        assert_eq!(answers, [204, 409]);
        let (a, b) = tokio::join!(admin.post(PATH, rate(21, 0)), admin.post(PATH, rate(22, 0)));
        let mut answers = [a.status.as_u16(), b.status.as_u16()];
        answers.sort_unstable();
        assert_eq!(answers, [204, 409]);
    }

    async fn r_py_71_the_commission_needs_a_fresh_proof(t: TestApp) {
        let world = World::new(t).await;
        let admin = world.admin().await;
        world.t.advance(TimeDelta::minutes(6));
        admin.post(PATH, rate(22, 0)).await.assert_problem(403, "reauth_required");
        admin.post(&of(&world, 0), share(18, 0, None)).await.assert_problem(403, "reauth_required");
        admin.get(PATH).await.assert_status(200);
    }

    async fn the_pages_keep_what_was_typed(t: TestApp) {
        let world = World::new(t).await;
        let cookie = cookie_of(&world, Guard::Api, root(&world).await.any()).await;
        let desk = tab(&world, &[("hairline_session", &cookie)]);
        let csrf = proof(&world.t).0;
        let (page, statements) = platform::db::count_statements(desk.get("/admin/settings/commission")).await;
        page.assert_status(200);
        assert!(statements <= 8, "{statements}");
        let typed = [("_csrf", csrf.as_str()), ("version", "0"), ("percent", "22"), ("effective_from", ""), ("reason", "soon"), ("op", "preview")];
        let page = desk.form("/admin/settings/commission", &typed).await.assert_status(200).text();
        assert!(page.contains("$480.00") && page.contains("$528.00") && page.contains("soon"), "{page}");
        let page = desk.form("/admin/settings/commission", &typed[..5]).await.assert_status(422).text();
        assert!(page.contains("value=\"22\"") && page.contains("soon"), "{page}");
        let own = format!("/admin/clinics/{}/commission", world.clinics[0].id());
        let (page, statements) = platform::db::count_statements(desk.get(&own)).await;
        page.assert_status(200);
        assert!(statements <= 8, "{statements}");
        // The form begins with what the clinic has, not with what all others pay.
        let version = world.admin().await.get(&of(&world, 1)).await.get::<u64>("/version");
        world.admin().await.post(&of(&world, 1), share(18, version, None)).await.assert_status(204);
        let page = desk.get(&format!("/admin/clinics/{}/commission", world.clinics[1].id())).await.assert_status(200).text();
        assert!(page.contains("value=\"18\"") && !page.contains("value=\"20\""), "{page}");
        let version = world.admin().await.get(&of(&world, 0)).await.get::<u64>("/version").to_string();
        let typed = [("_csrf", csrf.as_str()), ("version", version.as_str()), ("kind", "flat"), ("percent", "18"), ("fee", "199,50"), ("currency", "USD"), ("payment_cycle", "weekly"), ("payout_offset_days", "4"), ("effective_from", ""), ("reason", WHY)];
        let page = desk.form(&own, &[&typed[..], &[("op", "preview")]].concat()).await.assert_status(200).text();
        assert!(page.contains("$199.50") && page.contains("value=\"199,50\""), "{page}");
        desk.form(&own, &typed).await.assert_status(303);
        assert!(desk.get(&own).await.assert_status(200).text().contains("$199.50"));
        let clinic = desk.get(&format!("/admin/clinics/{}", world.clinics[0].id())).await.assert_status(200).text();
        assert!(clinic.contains(&own), "{clinic}");
    }
}
