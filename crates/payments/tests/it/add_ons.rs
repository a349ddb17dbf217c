//! Add-ons that are taken out of a confirmed booking (R-PY-56, R-PY-12).

use catalogue::entity::packages::PackageCategory;
use kernel::ids::QuotePackageId;
use kernel::{Amount, Currency, Money};
use payments::entity::installment_payment_plans::{self as plans, InstallmentPaymentPlanStatus as PlanStatus};
use payments::entity::payments::{PaymentStatus, PaymentType};
use payments::gateway::Refunded;
use promotions::entity::discount_redemptions as uses;
use quoting::entity::booking_terms::BookingTermsDiscountFunding as Funding;
use quoting::entity::{booking_terms, quote_packages, quotes};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use serde_json::{Value, json};
use testkit::{Client, TestApp};

use crate::codes::{code, types};
use crate::desk::staff;
use crate::plans::{GOOD, begin, morning};
use crate::support::{Booking, amount, offer, proven, registry};

const WHY: &str = "The hotel of the clinic is full on these nights.";

/// EUR 2,400.00 with a hotel for 300.00 and transfers for 100.00 in it, not accepted yet.
async fn with_add_ons(t: &TestApp, country: &str, currency: Currency) -> (Booking, [QuotePackageId; 2]) {
    t.at("2026-03-02T10:00:00Z");
    let booking = offer(t, country, Money::new(amount("2400.00"), currency)).await;
    let mut ids = Vec::new();
    for (order, (name, price)) in [("Hotel", "300.00"), ("Transfers", "100.00")].into_iter().enumerate() {
        let now = t.now();
        let price = Money::new(amount(price), currency);
        let package = catalogue::seed::package(&t.app, booking.provider, name, PackageCategory::Hotel, price).await;
        let id = QuotePackageId::new();
        quote_packages::ActiveModel {
            id: Set(id),
            quote_id: Set(booking.quote),
            package_id: Set(package.unwrap().id),
            package_snapshot: Set(Some(json!({ "name": name }))),
            list_price: Set(price.amount),
            list_currency: Set(currency),
            fx_rate: Set(1.into()),
            price: Set(price.amount),
            order_index: Set(i32::try_from(order).unwrap()),
            deleted_at: Set(None),
            created_at: Set(now),
            updated_at: Set(now),
        }
        .insert(t.conn())
        .await
        .unwrap();
        ids.push(id);
    }
    (booking, [ids[0], ids[1]])
}

async fn paid(t: &TestApp, booking: &Booking, option: &str, price: &str, currency: &str) {
    booking.accept(t).await;
    let started = booking.start(Booking::body(option, price, currency)).await.assert_status(200);
    booking.confirm(&started, GOOD).await.assert_status(200);
    t.run_jobs(&registry()).await;
}

fn ask(packages: &[QuotePackageId]) -> Value {
    json!({ "packages": packages, "reason": WHY })
}

async fn take(desk: &Client, booking: &Booking, body: Value) -> testkit::Reply {
    desk.post(&format!("/admin/bookings/{}/partial-refund", booking.quote), body).await
}

async fn terms(t: &TestApp, booking: &Booking) -> Vec<booking_terms::Model> {
    let own = booking_terms::Entity::find().filter(booking_terms::Column::QuoteId.eq(booking.quote));
    own.order_by_asc(booking_terms::Column::Version).all(t.conn()).await.unwrap()
}

async fn returned(t: &TestApp, booking: &Booking) -> Vec<(Amount, PaymentStatus)> {
    let rows = booking.payments(t).await;
    rows.iter()
        .filter(|row| row.payment_type == PaymentType::Refund)
        .map(|row| (row.amount, row.payment_status))
        .collect()
}

testkit::both! {
    /// G1 with add-ons, fully paid: GBP 2,163.91 at 0.90163043. Without the hotel 2,100.00 EUR cost 1,893.42: 270.49 go back.
    async fn r_py_56_what_is_paid_above_the_new_price_goes_back(t: TestApp) {
        let (booking, [hotel, transfers]) = with_add_ons(&t, "GB", Currency::EUR).await;
        paid(&t, &booking, "full", "2163.91", "GBP").await;
        let desk = staff(&t, &booking).await;
        let done = take(&desk, &booking, ask(&[hotel])).await.assert_status(201);
        assert_eq!((done.get::<i32>("/terms_version"), done.str("/total/amount"), done.str("/refund/amount")), (2, "1893.42", "270.49"));
        t.run_jobs(&registry()).await;
        assert_eq!(returned(&t, &booking).await, [(amount("270.49"), PaymentStatus::Completed)]);
        let versions = terms(&t, &booking).await;
        let (before, after) = (&versions[0], &versions[1]);
        assert_eq!((after.list_amount, after.total_amount, after.payment_total), (amount("2100.00"), amount("2100.00"), amount("1893.42")));
        assert_eq!((before.commission_amount, after.commission_amount), (Some(amount("480.00")), Some(amount("420.00"))), "20 % of the lower price");
        assert_eq!((after.locked_rate, after.reason.as_deref(), after.confirmed_at), (before.locked_rate, Some(WHY), before.confirmed_at));
        let quote = booking.quote_row(&t).await;
        assert_eq!((quote.commission_amount, quote.quote_amount, quote.status), (amount("420.00"), amount("2100.00"), quotes::QuoteStatus::Confirmed));
        let left = quote_packages::Entity::find().filter(quote_packages::Column::DeletedAt.is_null()).all(t.conn()).await.unwrap();
        assert_eq!(left.iter().map(|row| row.id).collect::<Vec<_>>(), [transfers]);
        // It is told, on record, and not done twice.
        assert_eq!(booking.told(&t).await.iter().filter(|key| *key == "booking.reduced").count(), 1);
        assert!(booking.timeline(&t).await.contains(&"booking_reduced".to_owned()));
        take(&desk, &booking, ask(&[hotel])).await.assert_status(422).assert_field("packages", "unknown_value");
        let view = booking.client().get(&format!("/bookings/{}", booking.quote)).await.assert_status(200);
        assert_eq!((view.str("/payment/paid/amount"), view.str("/payment/due/amount")), ("1893.42", "0.00"));
        proven(&t).await;
    }

    /// With the deposit of 25 % alone nothing goes back: the rest is less.
    async fn r_py_56_where_less_is_paid_the_rest_shrinks(t: TestApp) {
        let (booking, [hotel, transfers]) = with_add_ons(&t, "GB", Currency::EUR).await;
        paid(&t, &booking, "deposit", "540.98", "GBP").await;
        let desk = staff(&t, &booking).await;
        let done = take(&desk, &booking, ask(&[hotel, transfers])).await.assert_status(201);
        assert_eq!((done.str("/total/amount"), done.str("/refund/amount")), ("1803.26", "0.00"));
        let view = booking.client().get(&format!("/bookings/{}", booking.quote)).await.assert_status(200);
        assert_eq!((view.str("/payment/paid/amount"), view.str("/payment/due/amount")), ("540.98", "1262.28"));
        assert!(returned(&t, &booking).await.is_empty());
        // The balance that is paid now is the new one.
        booking.start(Booking::body("full", "1622.93", "GBP")).await.assert_problem(409, "amount_changed");
        let started = booking.start(Booking::body("full", "1262.28", "GBP")).await.assert_status(200);
        booking.confirm(&started, GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;
        proven(&t).await;
    }

    /// A discount of the clinic's and Hairline's together, 10 %: it shrinks with the price it was given on.
    async fn r_py_56_a_discount_shrinks_with_the_price(t: TestApp) {
        let (booking, [hotel, _]) = with_add_ons(&t, "US", Currency::USD).await;
        quotes::ActiveModel {
            id: Set(booking.quote),
            discount_amount: Set(amount("240.00")),
            discount_funding: Set(Some(quotes::QuoteDiscountFunding::Both)),
            quote_amount: Set(amount("2160.00")),
            ..Default::default()
        }
        .update(t.conn())
        .await
        .unwrap();
        paid(&t, &booking, "full", "2160.00", "USD").await;
        let desk = staff(&t, &booking).await;
        take(&desk, &booking, ask(&[hotel])).await.assert_status(201);
        let versions = terms(&t, &booking).await;
        let after = versions.last().unwrap();
        assert_eq!((after.list_amount, after.discount_amount, after.total_amount), (amount("2100.00"), amount("210.00"), amount("1890.00")));
        assert_eq!((after.discount_funding, after.commission_base, after.commission_amount), (Some(Funding::Both), Some(amount("1890.00")), Some(amount("378.00"))));
        t.run_jobs(&registry()).await;
        assert_eq!(returned(&t, &booking).await, [(amount("270.00"), PaymentStatus::Completed)]);
        proven(&t).await;
    }

    /// The use of a code says what was really given in the end.
    async fn r_py_56_the_use_of_a_code_shrinks_with_the_price(t: TestApp) {
        let (booking, [hotel, _]) = with_add_ons(&t, "US", Currency::USD).await;
        code(&t, "CLINIC-10", "10", Some(booking.provider), false, None).await;
        booking.accept(&t).await;
        types(&booking, "CLINIC-10").await.assert_status(200);
        let started = booking.start(Booking::body("full", "2160.00", "USD")).await.assert_status(200);
        booking.confirm(&started, GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;
        let used = async || uses::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!(used().await.amount, amount("240.00"));
        let desk = staff(&t, &booking).await;
        take(&desk, &booking, ask(&[hotel])).await.assert_status(201);
        let row = used().await;
        assert_eq!((row.amount, row.provider_share, row.platform_share), (amount("210.00"), amount("210.00"), Amount::ZERO));
    }

    /// 2,400.00 in three payments of 800.00; after the first two add-ons of 400.00 are taken out: 1,200.00 are left in two.
    async fn r_py_56_a_plan_goes_on_with_what_is_left(t: TestApp) {
        let (booking, both) = with_add_ons(&t, "US", Currency::USD).await;
        quotes::ActiveModel {
            id: Set(booking.quote),
            appointment_slot_at: Set(Some(testkit::at("2026-09-07T06:00:00Z"))),
            treatment_date: Set(json!([{ "date": "2026-09-07", "price": "2400.00" }])),
            ..Default::default()
        }
        .update(t.conn())
        .await
        .unwrap();
        booking.accept(&t).await;
        begin(&t, &booking, 3, "800.00", GOOD).await;
        let desk = staff(&t, &booking).await;
        take(&desk, &booking, ask(&both)).await.assert_status(201);
        let all = plans::Entity::find().order_by_asc(plans::Column::Id).all(t.conn()).await.unwrap();
        assert_eq!((all.len(), all[0].status, all[0].superseded_by), (2, PlanStatus::Cancelled, Some(all[1].id)));
        assert_eq!((all[1].total_amount, all[1].number_of_installments, all[1].first_payment_date.to_string()), (amount("1200.00"), 2, "2026-04-01".to_owned()));
        morning(&t, "2026-04-01").await;
        morning(&t, "2026-05-01").await;
        let view = booking.client().get(&format!("/bookings/{}", booking.quote)).await.assert_status(200);
        assert_eq!((view.str("/payment/paid/amount"), view.str("/payment/due/amount")), ("2000.00", "0.00"));
        proven(&t).await;
    }

    async fn r_py_56_only_before_the_treatment_and_by_those_who_may(t: TestApp) {
        let (booking, [hotel, transfers]) = with_add_ons(&t, "US", Currency::USD).await;
        booking.accept(&t).await;
        let desk = staff(&t, &booking).await;
        take(&desk, &booking, ask(&[hotel])).await.assert_problem(409, "refund_not_allowed");
        let started = booking.start(Booking::body("full", "2400.00", "USD")).await.assert_status(200);
        booking.confirm(&started, GOOD).await.assert_status(200);
        t.run_jobs(&registry()).await;
        take(&desk, &booking, json!({ "packages": [], "reason": WHY })).await.assert_status(422).assert_field("packages", "required");
        take(&desk, &booking, json!({ "packages": [hotel], "reason": "short" })).await.assert_status(422).assert_field("reason", "reason_length");
        take(&desk, &booking, json!({ "packages": [QuotePackageId::new()], "reason": WHY })).await.assert_status(422).assert_field("packages", "unknown_value");
        take(&booking.client(), &booking, ask(&[hotel])).await.assert_status(403);
        desk.post(&format!("/admin/bookings/{}/partial-refund", kernel::ids::QuoteId::new()), ask(&[hotel])).await.assert_status(404);
        t.advance(chrono::TimeDelta::minutes(6));
        take(&desk, &booking, ask(&[hotel])).await.assert_problem(403, "reauth_required");
        let desk = staff(&t, &booking).await;
        // Two at once: one takes the hotel out.
        let (one, two) = tokio::join!(take(&desk, &booking, ask(&[hotel])), take(&desk, &booking, ask(&[hotel])));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses[0], 201, "{} {}", one.text(), two.text());
        assert!([409, 422].contains(&statuses[1]));
        // While a refund is under way nothing else is taken out.
        take(&desk, &booking, ask(&[transfers])).await.assert_problem(409, "payment_in_progress");
        t.run_jobs(&registry()).await;
        quotes::ActiveModel { id: Set(booking.quote), status: Set(quotes::QuoteStatus::Inprogress), ..Default::default() }.update(t.conn()).await.unwrap();
        take(&desk, &booking, ask(&[transfers])).await.assert_problem(409, "refund_not_allowed");
        assert_eq!(returned(&t, &booking).await, [(amount("300.00"), PaymentStatus::Completed)]);
    }

    async fn r_py_56_a_large_amount_is_typed_once_more(t: TestApp) {
        let (booking, [hotel, _]) = with_add_ons(&t, "US", Currency::USD).await;
        quote_packages::ActiveModel { id: Set(hotel), price: Set(amount("1000.01")), ..Default::default() }.update(t.conn()).await.unwrap();
        paid(&t, &booking, "full", "2400.00", "USD").await;
        let desk = staff(&t, &booking).await;
        take(&desk, &booking, ask(&[hotel])).await.assert_status(422).assert_field("confirm_amount", "amount_not_confirmed");
        let with = |typed: &str| json!({ "packages": [hotel], "reason": WHY, "confirm_amount": typed });
        take(&desk, &booking, with("1000.00")).await.assert_status(422).assert_field("confirm_amount", "amount_not_confirmed");
        take(&desk, &booking, with("1000.01")).await.assert_status(201);
    }

    /// The gateway refuses: the price is lowered, the money is still here, and staff send it once more.
    async fn r_py_56_a_refund_that_was_refused_is_sent_again(t: TestApp) {
        let (booking, [hotel, _]) = with_add_ons(&t, "US", Currency::USD).await;
        paid(&t, &booking, "full", "2400.00", "USD").await;
        let desk = staff(&t, &booking).await;
        take(&desk, &booking, ask(&[])).await.assert_status(422).assert_field("packages", "required");
        take(&desk, &booking, ask(&[hotel])).await.assert_status(201);
        let refund = booking.payments(&t).await.into_iter().find(|row| row.payment_type == PaymentType::Refund).unwrap();
        payments::service::refund::sent(&t.app, &kernel::Actor::system(), &refund, Refunded::Failed("insufficient_funds".into())).await.unwrap();
        t.run_jobs(&registry()).await;
        assert_eq!(returned(&t, &booking).await, [(amount("300.00"), PaymentStatus::Failed)]);
        let again = take(&desk, &booking, ask(&[])).await.assert_status(201);
        assert_eq!((again.get::<i32>("/terms_version"), again.str("/refund/amount")), (2, "300.00"));
        t.run_jobs(&registry()).await;
        assert_eq!(returned(&t, &booking).await, [(amount("300.00"), PaymentStatus::Failed), (amount("300.00"), PaymentStatus::Completed)]);
        assert_eq!(terms(&t, &booking).await.len(), 2);
        take(&desk, &booking, ask(&[])).await.assert_status(422).assert_field("packages", "required");
        proven(&t).await;
    }
}
