//! Codes typed at checkout (G5, R-PY-46 to 49, R-FN-05, R-FN-07 to 09, R-FN-23).

use kernel::ids::{AffiliateDiscountCodeId, AffiliateId, DiscountId, ProviderId};
use kernel::{Currency, Money};
use payments::entity::payments::PaymentStatus;
use promotions::entity::discount_redemptions::{self as uses, DiscountRedemptionState as State};
use quoting::entity::quotes::QuoteStatus;
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use serde_json::json;
use testkit::{Reply, TestApp};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::support::{Booking, amount, another, offer, registry};

const GOOD: &str = "4242424242424242";

async fn sql(t: &TestApp, text: &str) {
    t.conn().execute_unprepared(text).await.unwrap();
}

/// An active discount with a code, in percent: of a clinic, of both, or of Hairline.
pub async fn code(
    t: &TestApp,
    name: &str,
    percent: &str,
    clinic: Option<ProviderId>,
    both: bool,
    limit: Option<u32>,
) -> DiscountId {
    let id = DiscountId::new();
    let clinic = clinic.map_or("NULL".to_owned(), |id| format!("'{id}'"));
    let limit = limit.map_or("NULL".to_owned(), |limit| limit.to_string());
    sql(t, &format!(
        "INSERT INTO discounts (id, discount_code, discount_type, discount_value, provider_id, usage_limit, usage_count, start_date, end_date, \
         status, requires_provider_approval, approval_status, application_mode, created_at, updated_at) VALUES ('{id}', '{name}', \
         'percentage', {percent}, {clinic}, {limit}, 0, '2026-03-01', '2026-03-31', 'active', {}, 'approved', 'either', \
         '2026-03-01 08:00:00', '2026-03-01 08:00:00')",
        u8::from(both)
    )).await;
    id
}

/// An affiliate with a code.
async fn affiliate(t: &TestApp, name: &str, percent: &str) -> AffiliateId {
    let (id, code) = (AffiliateId::new(), AffiliateDiscountCodeId::new());
    sql(t, &format!(
        "INSERT INTO affiliates (id, affiliate_name, email, status, commission_type, commission_value, payment_cycle, feature_flag_enabled, \
         version, created_at, updated_at) VALUES ('{id}', 'Ada Travels', 'ada@partners.example', 'active', 'percentage', 5, 'monthly', 1, \
         1, '2026-03-01 08:00:00', '2026-03-01 08:00:00')"
    )).await;
    sql(t, &format!(
        "INSERT INTO affiliate_discount_codes (id, affiliate_id, code, discount_type, discount_value, usage_count, status, per_patient_limit, \
         application_method, version, created_at, updated_at) VALUES ('{code}', '{id}', '{name}', 'percentage', {percent}, 0, 'active', 1, \
         'code', 1, '2026-03-01 08:00:00', '2026-03-01 08:00:00')"
    )).await;
    id
}

/// EUR 3,000.00, paid in euros, at a commission of 20 percent.
async fn booked(t: &TestApp) -> Booking {
    t.at("2026-03-02T10:00:00Z");
    let booking = offer(t, "DE", Money::new(amount("3000.00"), Currency::EUR)).await;
    booking.accept(t).await;
    booking
}

pub async fn types(booking: &Booking, code: &str) -> Reply {
    booking.client().put(&format!("/bookings/{}/discount", booking.quote), json!({ "code": code })).await
}

async fn replaces(booking: &Booking, code: &str) -> Reply {
    let body = json!({ "code": code, "confirm_replace": true });
    booking.client().put(&format!("/bookings/{}/discount", booking.quote), body).await
}

async fn pays(t: &TestApp, booking: &Booking, option: &str, sum: &str) -> Reply {
    let started = booking.start(Booking::body(option, sum, "EUR")).await.assert_status(200);
    booking.confirm(&started, GOOD).await.assert_status(200);
    t.run_jobs(&registry()).await;
    started
}

async fn states(t: &TestApp) -> Vec<State> {
    let all = uses::Entity::find().order_by_asc(uses::Column::Id).all(t.conn()).await.unwrap();
    all.into_iter().map(|row| row.state).collect()
}

async fn count(t: &TestApp, id: DiscountId) -> i32 {
    promotions::entity::discounts::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap().usage_count
}

testkit::both! {
    /// G5: whoever pays for it, the patient pays the same; what clinic and Hairline get differs.
    async fn g5_who_pays_for_a_code(t: TestApp) {
        let first = booked(&t).await;
        let own = code(&t, "CLINIC-10", "10", Some(first.provider), false, None).await;
        let both = code(&t, "BOTH-10", "10", None, true, None).await;
        code(&t, "HOUSE-25", "25", None, false, None).await;
        affiliate(&t, "ADA-10", "10").await;
        sql(&t, &format!(
            "INSERT INTO provider_discounts (id, discount_id, provider_id, status, discount_version, created_at, updated_at) VALUES \
             ('{}', '{both}', '{}', 'accepted', 1, '2026-03-01 08:00:00', '2026-03-01 08:00:00')", kernel::ids::AnyId::new(), first.provider
        )).await;
        for (number, (name, pays_now, provider, platform)) in [
            ("CLINIC-10", "2700.00", "2100.00", "600.00"), ("BOTH-10", "2700.00", "2160.00", "540.00"),
            ("ADA-10", "2700.00", "2400.00", "300.00"), ("HOUSE-25", "2400.00", "2400.00", "0.00"),
        ].into_iter().enumerate() {
            let number = u32::try_from(number).unwrap();
            let booking = another(&t, &first, number, "DE", Money::new(amount("3000.00"), Currency::EUR)).await;
            let seen = types(&booking, &format!(" {} ", name.to_lowercase())).await.assert_status(200);
            assert_eq!((seen.str("/total/amount"), seen.str("/payment/total/amount")), (pays_now, pays_now), "{name}");
            assert!(!seen.text().contains("funding"), "patients never see who pays");
            pays(&t, &booking, "full", pays_now).await;
            assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
            payments::service::treated::treated(&t.app, booking.quote).await.unwrap();
            let ledger = booking.ledger(&t).await;
            assert!(ledger.contains(&format!("ProviderPayable EUR 0.00/{provider}")), "{name}: {ledger:?}");
            assert_eq!(ledger.contains(&format!("PlatformRevenue EUR 0.00/{platform}")), platform != "0.00", "{name}: {ledger:?}");
            let used = uses::Entity::find().order_by_desc(uses::Column::Id).one(t.conn()).await.unwrap().unwrap();
            assert_eq!((used.state, used.amount), (State::Completed, amount("3000.00") - amount(pays_now)));
        }
        assert_eq!(count(&t, own).await, 1);
    }

    /// R-PY-47: what cannot be used says why; nothing changes, and nothing is counted.
    async fn a_code_that_cannot_be_used_says_why(t: TestApp) {
        let booking = booked(&t).await;
        code(&t, "LATE", "10", None, false, None).await;
        let other = crate::support::clinic(&t, t.now()).await;
        code(&t, "OTHERS", "10", Some(other), false, None).await;
        code(&t, "UNASKED", "10", None, true, None).await;
        code(&t, "ONCE", "10", None, false, Some(1)).await;
        sql(&t, "UPDATE discounts SET usage_count = 1 WHERE discount_code = 'ONCE'").await;
        sql(&t, "UPDATE discounts SET end_date = '2026-03-01' WHERE discount_code = 'LATE'").await;
        for (name, why) in [
            ("NOBODY", "unknown"), ("a b", "unknown"), ("LATE", "expired"), ("OTHERS", "wrong_clinic"), ("UNASKED", "wrong_clinic"), ("ONCE", "used_up"),
        ] {
            let refused = types(&booking, name).await.assert_problem(422, "discount_invalid");
            assert_eq!(refused.str("/reason"), why, "{name}");
        }
        let seen = booking.client().get(&format!("/bookings/{}/checkout", booking.quote)).await.assert_status(200);
        assert_eq!((seen.str("/total/amount"), seen.at("/has_code")), ("3000.00", &json!(false)));
        assert!(states(&t).await.is_empty());
        let stranger = another(&t, &booking, 7, "DE", Money::new(amount("900.00"), Currency::EUR)).await;
        let path = format!("/bookings/{}/discount", booking.quote);
        stranger.client().put(&path, json!({ "code": "NOBODY" })).await.assert_problem(404, "not_found");
        // R-FN-23: twenty wrong ones an hour.
        for _ in 0..14 {
            types(&booking, "GUESS").await.assert_problem(422, "discount_invalid");
        }
        types(&booking, "GUESS").await.assert_problem(429, "rate_limited");
        t.advance(chrono::Duration::minutes(61));
        types(&booking, "GUESS").await.assert_problem(422, "discount_invalid");
    }

    /// R-PY-46: one at a time; another takes its place when the patient says so, and can be taken off again.
    async fn one_code_at_a_time(t: TestApp) {
        let booking = booked(&t).await;
        code(&t, "FIVE", "5", None, false, None).await;
        code(&t, "TEN", "10", None, false, None).await;
        types(&booking, "FIVE").await.assert_status(200);
        let again = types(&booking, "five").await.assert_status(200);
        assert_eq!(again.str("/total/amount"), "2850.00");
        let conflict = types(&booking, "TEN").await.assert_problem(409, "discount_conflict");
        assert_eq!((conflict.str("/current/amount"), conflict.str("/with_code/amount")), ("2850.00", "2700.00"));
        assert_eq!(replaces(&booking, "TEN").await.assert_status(200).str("/total/amount"), "2700.00");
        let path = format!("/bookings/{}/discount", booking.quote);
        for _ in 0..2 {
            let off = booking.client().delete(&path).await.assert_status(200);
            assert_eq!((off.str("/total/amount"), off.at("/has_code")), ("3000.00", &json!(false)));
        }
        // The price that was shown with the code is not the price any more.
        booking.start(Booking::body("full", "2700.00", "EUR")).await.assert_problem(409, "amount_changed");
        pays(&t, &booking, "full", "3000.00").await;
        types(&booking, "TEN").await.assert_problem(409, "already_paid");
        assert!(states(&t).await.is_empty());
    }

    /// R-PY-48: reserved with the attempt, given back when it fails, reserved anew, completed with the booking; what is
    /// cancelled stays counted (R-FN-08).
    async fn uses_follow_the_payment(t: TestApp) {
        let booking = booked(&t).await;
        let id = code(&t, "TEN", "10", None, false, Some(5)).await;
        types(&booking, "TEN").await.assert_status(200);
        assert_eq!((count(&t, id).await, states(&t).await.len()), (0, 0), "typing alone counts nothing");
        let started = booking.start(Booking::body("full", "2700.00", "EUR")).await.assert_status(200);
        booking.start(Booking::body("full", "2700.00", "EUR")).await.assert_status(200);
        assert_eq!((count(&t, id).await, states(&t).await), (1, vec![State::Applied]));
        booking.confirm(&started, "4000000000000002").await;
        t.run_jobs(&registry()).await;
        assert_eq!((count(&t, id).await, states(&t).await), (0, vec![State::Released]));
        pays(&t, &booking, "full", "2700.00").await;
        assert_eq!((count(&t, id).await, states(&t).await), (1, vec![State::Released, State::Completed]));
        booking.client().multipart(&format!("/bookings/{}/cancellation", booking.quote), &[("reason", "My plans have changed.")], &[]).await.assert_status(200);
        assert_eq!((count(&t, id).await, states(&t).await), (1, vec![State::Released, State::Refunded]));
    }

    /// A hold that ends gives the use back; accepted again, the offer has its own price.
    async fn a_hold_that_ends_gives_the_use_back(t: TestApp) {
        let booking = booked(&t).await;
        let id = code(&t, "TEN", "10", None, false, Some(1)).await;
        types(&booking, "TEN").await.assert_status(200);
        booking.start(Booking::body("deposit", "675.00", "EUR")).await.assert_status(200);
        assert_eq!(count(&t, id).await, 1);
        t.at("2026-03-04T10:00:00Z");
        t.run_jobs(&registry()).await;
        assert_eq!((booking.status(&t).await, count(&t, id).await), (QuoteStatus::Quote, 0));
        booking.accept(&t).await;
        let seen = booking.client().get(&format!("/bookings/{}/checkout", booking.quote)).await.assert_status(200);
        assert_eq!(seen.str("/total/amount"), "3000.00");
    }

    /// What changes nothing takes nothing away: an attempt that waits stays, whatever is typed beside it.
    async fn a_code_of_no_use_leaves_the_attempt(t: TestApp) {
        let booking = booked(&t).await;
        code(&t, "TEN", "10", None, false, None).await;
        code(&t, "FIVE", "5", None, false, None).await;
        types(&booking, "TEN").await.assert_status(200);
        let started = booking.start(Booking::body("deposit", "675.00", "EUR")).await.assert_status(200);
        let id = started.get("/payment/id");
        types(&booking, "NOBODY").await.assert_problem(422, "discount_invalid");
        types(&booking, "FIVE").await.assert_problem(409, "discount_conflict");
        types(&booking, "ten").await.assert_status(200);
        assert_eq!(booking.payment(&t, id).await.payment_status, PaymentStatus::Pending);
        replaces(&booking, "FIVE").await.assert_status(200);
        let given_up = booking.payment(&t, id).await;
        assert_eq!((given_up.payment_status, given_up.failure_code.as_deref()), (PaymentStatus::Failed, Some("replaced")));
    }

    /// R-PY-48: money that bought nothing goes back with the use; the next code is counted for itself.
    async fn the_use_goes_back_with_the_money(t: TestApp) {
        let booking = booked(&t).await;
        let ten = code(&t, "TEN", "10", None, false, Some(1)).await;
        let five = code(&t, "FIVE", "5", None, false, None).await;
        types(&booking, "TEN").await.assert_status(200);
        let started = booking.start(Booking::body("deposit", "675.00", "EUR")).await.assert_status(200);
        // The cells of the slot went to somebody else meanwhile.
        quoting::entity::schedule_occupancies::Entity::delete_many().exec(t.conn()).await.unwrap();
        booking.confirm(&started, GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Quote);
        assert_eq!((count(&t, ten).await, states(&t).await), (0, vec![State::Released]));
        booking.accept(&t).await;
        types(&booking, "FIVE").await.assert_status(200);
        pays(&t, &booking, "full", "2850.00").await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        assert_eq!((count(&t, ten).await, count(&t, five).await), (0, 1));
        assert_eq!(states(&t).await, [State::Released, State::Completed]);
    }

    /// R-PY-48, R-FN-09: a success that comes late counts beyond the limit and says so; gaps in a person's uses are filled.
    async fn a_late_success_counts_beyond_the_limit(t: TestApp) {
        let first = booked(&t).await;
        let second = another(&t, &first, 3, "DE", Money::new(amount("3000.00"), Currency::EUR)).await;
        let id = code(&t, "TEN", "10", None, false, Some(1)).await;
        types(&first, "TEN").await.assert_status(200);
        let started = first.start(Booking::body("full", "2700.00", "EUR")).await.assert_status(200);
        t.at("2026-03-04T10:00:00Z");
        t.run_jobs(&registry()).await;
        assert_eq!((first.status(&t).await, count(&t, id).await), (QuoteStatus::Quote, 0));
        // One use of this person stands in the second place, the first was given back.
        sql(&t, &format!(
            "INSERT INTO discount_redemptions (id, discount_id, quote_id, patient_id, person_key, slot_no, state, funding, amount, currency, \
             provider_share, platform_share, over_limit, created_at, updated_at) VALUES ('{}', '{id}', '{}', '{patient}', '{patient}', 2, \
             'completed', 'platform', 1, 'EUR', 0, 1, 0, '2026-03-01 08:00:00', '2026-03-01 08:00:00')",
            kernel::ids::AnyId::new(), second.quote, patient = first.patient_row.id
        )).await;
        sql(&t, "UPDATE discounts SET usage_count = 1").await;
        let late = first.event("late", "succeeded", &started, 270_000, t.now());
        first.deliver(&t, &late).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(first.status(&t).await, QuoteStatus::Confirmed);
        let own: Vec<_> = uses::Entity::find().order_by_asc(uses::Column::Id).all(t.conn()).await.unwrap();
        let own: Vec<_> = own.into_iter().filter(|row| row.quote_id == first.quote).collect();
        let told: Vec<_> = own.iter().map(|row| (row.state, row.slot_no, row.over_limit)).collect();
        assert_eq!(told, [(State::Released, 1, false), (State::Completed, 1, true)]);
        assert_eq!(count(&t, id).await, 2);
    }

    /// Race 10: the last use of a code, by two patients at once.
    async fn race_10_the_last_use_is_one(t: TestApp) {
        let first = booked(&t).await;
        for round in 0..10 {
            let name = format!("LAST-{round}");
            let id = code(&t, &name, "10", None, false, Some(1)).await;
            let barrier = std::sync::Arc::new(Barrier::new(2));
            let mut both = JoinSet::new();
            for one in 0..2 {
                let booking = another(&t, &first, 20 + round * 2 + one, "DE", Money::new(amount("3000.00"), Currency::EUR)).await;
                types(&booking, &name).await.assert_status(200);
                let (barrier, client) = (barrier.clone(), booking.client());
                let path = format!("/bookings/{}/payments", booking.quote);
                both.spawn(async move {
                    barrier.wait().await;
                    client.post(&path, Booking::body("full", "2700.00", "EUR")).await
                });
            }
            let replies = both.join_all().await;
            let won = replies.iter().filter(|reply| reply.status == 200).count();
            assert_eq!((won, count(&t, id).await), (1, 1), "{}", replies[0].text());
            let lost = replies.into_iter().find(|reply| reply.status != 200).unwrap();
            assert_eq!(lost.assert_problem(422, "discount_invalid").str("/reason"), "used_up");
        }
    }
}
