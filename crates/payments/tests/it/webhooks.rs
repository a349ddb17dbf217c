//! Taking webhooks in: signatures, repetitions, order, unknown intents (R-PY-29 to 32).

use std::time::Duration;

use kernel::ids::PaymentId;
use payments::entity::gateway_events;
use payments::entity::gateway_events::GatewayEventStatus;
use payments::entity::payment_histories::PaymentHistoryEvent as Step;
use payments::entity::payments::PaymentStatus;
use payments::gateway::signature;
use quoting::entity::quotes::QuoteStatus;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use testkit::TestApp;

use crate::support::{g1, registry, secret};

async fn events(t: &TestApp) -> Vec<gateway_events::Model> {
    gateway_events::Entity::find().all(t.conn()).await.unwrap()
}

testkit::both! {
    async fn a_wrong_signature_changes_nothing(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let event = booking.event("evt_1", "succeeded", &started, 54098, t.now()).to_string();
        let foreign = signature::sign("whsec_somebody_else", t.now(), event.as_bytes());
        booking.deliver_as(&foreign, &event).await.assert_problem(400, "invalid_signature");
        booking.deliver_as("", &event).await.assert_problem(400, "invalid_signature");
        let other_body = signature::sign(&secret(&t), t.now(), b"{}");
        booking.deliver_as(&other_body, &event).await.assert_problem(400, "invalid_signature");
        t.run_jobs(&registry()).await;
        assert_eq!(gateway_events::Entity::find().count(t.conn()).await.unwrap(), 0);
        assert_eq!(booking.status(&t).await, QuoteStatus::Accepted);
        assert_eq!(booking.history(&t, started.get("/payment/id")).await, [Step::Created]);
    }

    async fn a_replayed_signature_is_stale_after_five_minutes(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let event = booking.event("evt_1", "succeeded", &started, 54098, t.now()).to_string();
        let header = signature::sign(&secret(&t), t.now(), event.as_bytes());
        t.advance(Duration::from_secs(301));
        booking.deliver_as(&header, &event).await.assert_problem(400, "invalid_signature");
        assert!(events(&t).await.is_empty());
        let header = signature::sign(&secret(&t), t.now() - chrono::Duration::seconds(300), event.as_bytes());
        booking.deliver_as(&header, &event).await.assert_status(200);
        assert_eq!(events(&t).await.len(), 1);
    }

    async fn an_unknown_account_and_a_live_event_are_refused(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let mut event = booking.event("evt_1", "succeeded", &started, 54098, t.now());
        event["livemode"] = true.into();
        booking.deliver(&t, &event).await.assert_problem(400, "mode_mismatch");
        let nobody = format!("/webhooks/gateway/{}", kernel::ids::GatewayAccountId::new());
        booking.api.raw(&nobody, "application/json", event.to_string()).await.assert_problem(404, "not_found");
        let header = signature::sign(&secret(&t), t.now(), b"no json");
        booking.deliver_as(&header, "no json").await.assert_problem(400, "malformed");
        assert!(events(&t).await.is_empty());
    }

    /// R-PY-30: an event is stored once, whatever is delivered again has no effect.
    async fn the_same_event_twice_is_one_payment(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let event = booking.event("evt_1", "succeeded", &started, 54098, t.now());
        booking.deliver(&t, &event).await.assert_status(200);
        t.run_jobs(&registry()).await;
        booking.deliver(&t, &event).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(events(&t).await.len(), 1);
        assert_eq!(booking.history(&t, started.get("/payment/id")).await, [Step::Created, Step::Succeeded]);
        assert_eq!(booking.ledger(&t).await.len(), 2);
        assert_eq!(
            booking.timeline(&t).await,
            ["quote_accepted", "payment_received", "booking_confirmed", "identity_revealed"]
        );
    }

    async fn succeeded_before_processing_stays_succeeded(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let id: PaymentId = started.get("/payment/id");
        let succeeded = booking.event("evt_2", "succeeded", &started, 54098, t.now());
        let processing = booking.event("evt_1", "processing", &started, 54098, t.now() - chrono::Duration::seconds(30));
        booking.deliver(&t, &succeeded).await.assert_status(200);
        t.run_jobs(&registry()).await;
        booking.deliver(&t, &processing).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(booking.payment(&t, id).await.payment_status, PaymentStatus::Completed);
        assert_eq!(booking.history(&t, id).await, [Step::Created, Step::Succeeded, Step::IgnoredStale]);
    }

    async fn failed_before_succeeded_ends_paid(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let id: PaymentId = started.get("/payment/id");
        booking.deliver(&t, &booking.event("evt_1", "payment_failed", &started, 54098, t.now())).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(booking.payment(&t, id).await.payment_status, PaymentStatus::Failed);
        assert_eq!(booking.status(&t).await, QuoteStatus::Accepted);
        booking.deliver(&t, &booking.event("evt_2", "succeeded", &started, 54098, t.now())).await.assert_status(200);
        t.run_jobs(&registry()).await;
        let paid = booking.payment(&t, id).await;
        assert_eq!((paid.payment_status, paid.failure_code), (PaymentStatus::Completed, None));
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
    }

    async fn another_amount_currency_or_booking_is_quarantined(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let id: PaymentId = started.get("/payment/id");
        let good = booking.event("evt", "succeeded", &started, 54098, t.now());
        let mut less = good.clone();
        less["id"] = "less".into();
        less["data"]["object"]["amount_received"] = 54097.into();
        let mut euros = good.clone();
        euros["id"] = "euros".into();
        euros["data"]["object"]["currency"] = "eur".into();
        let mut foreign = good.clone();
        foreign["id"] = "foreign".into();
        foreign["data"]["object"]["metadata"]["quote_id"] = kernel::ids::QuoteId::new().to_string().into();
        for event in [less, euros, foreign] {
            booking.deliver(&t, &event).await.assert_status(200);
        }
        t.run_jobs(&registry()).await;
        assert!(events(&t).await.iter().all(|event| event.status == GatewayEventStatus::Quarantined));
        assert_eq!(booking.payment(&t, id).await.payment_status, PaymentStatus::Pending);
        assert!(booking.ledger(&t).await.is_empty());
        assert_eq!(booking.told(&t).await.iter().filter(|key| *key == "system.alert").count(), 3);
        // The right one is still taken.
        booking.deliver(&t, &good).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
    }

    /// R-PY-32: what was put aside is worked on once more when staff say so, and only then; what is done is left alone.
    async fn an_event_put_aside_is_replayed_by_staff(t: TestApp) {
        use payments::entity::payments as payment;
        use payments::service::replay::replay;
        use sea_orm::ActiveValue::Set;
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let id: PaymentId = started.get("/payment/id");
        let admin = crate::desk::proven(&t, &booking).await;
        let desk = crate::desk::staff(&t, &booking).await;
        let intent = booking.payment(&t, id).await.stripe_payment_intent_id;
        let set = |intent: Option<String>| payment::ActiveModel { id: Set(id), stripe_payment_intent_id: Set(intent), ..Default::default() };
        payment::Entity::update(set(None)).exec(t.conn()).await.unwrap();
        let mut less = booking.event("evt_less", "succeeded", &started, 54098, t.now());
        less["data"]["object"]["amount_received"] = 54097.into();
        booking.deliver(&t, &booking.event("evt_1", "succeeded", &started, 54098, t.now())).await.assert_status(200);
        t.run_jobs(&registry()).await;
        let parked = events(&t).await.remove(0);
        assert_eq!(parked.status, GatewayEventStatus::Parked);
        payment::Entity::update(set(intent)).exec(t.conn()).await.unwrap();
        booking.deliver(&t, &less).await.assert_status(200);
        t.run_jobs(&registry()).await;
        let aside = events(&t).await.into_iter().find(|event| event.event_id == "evt_less").unwrap();
        assert_eq!(aside.status, GatewayEventStatus::Quarantined);

        let why = "The bank confirms what arrived for this booking.";
        let short = replay(&t.app, &admin, aside.id, "again").await.unwrap_err();
        assert_eq!(short.fields.0.keys().collect::<Vec<_>>(), ["reason"]);
        let path = format!("/admin/gateway-events/{}/replay", aside.id);
        booking.client().post(&path, json!({ "reason": why })).await.assert_status(403);
        booking.client().get("/admin/gateway-events").await.assert_status(403);
        let list = desk.get("/admin/gateway-events?filter[status]=quarantined").await.assert_status(200);
        assert_eq!((list.at("/meta/total"), list.str("/data/0/event_id")), (&json!(1), "evt_less"));
        let missing = replay(&t.app, &admin, kernel::ids::GatewayEventId::new(), why).await.unwrap_err();
        assert_eq!(missing.kind, kernel::ErrorKind::NotFound);
        // It still speaks of another amount.
        let again = desk.post(&path, json!({ "reason": why })).await.assert_status(200);
        assert_eq!(again.str("/status"), "quarantined");
        assert_eq!(booking.payment(&t, id).await.payment_status, PaymentStatus::Pending);
        // Two at once: it counts once.
        let (one, two) = tokio::join!(replay(&t.app, &admin, parked.id, why), replay(&t.app, &admin, parked.id, why));
        assert!([&one, &two].into_iter().any(|it| matches!(it, Ok(GatewayEventStatus::Processed))), "{one:?} {two:?}");
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        assert_eq!(booking.ledger(&t).await.len(), 2, "one charge");
        assert_eq!(replay(&t.app, &admin, parked.id, why).await.unwrap_err().code, "invalid_transition");
    }

    async fn an_unknown_intent_waits_a_day_and_is_reported(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let mut event = booking.event("evt_1", "succeeded", &started, 54098, t.now());
        event["data"]["object"]["id"] = "pi_of_nobody".into();
        booking.deliver(&t, &event).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(events(&t).await[0].status, GatewayEventStatus::Parked);
        t.advance(Duration::from_secs(23 * 3600));
        t.run_jobs(&registry()).await;
        assert_eq!(events(&t).await[0].status, GatewayEventStatus::Parked);
        t.advance(Duration::from_secs(2 * 3600));
        t.run_jobs(&registry()).await;
        let row = events(&t).await.remove(0);
        assert_eq!((row.status, row.next_attempt_at), (GatewayEventStatus::Quarantined, None));
        assert!(booking.told(&t).await.contains(&"system.alert".to_owned()));
        assert_eq!(booking.status(&t).await, QuoteStatus::Accepted);
    }

    async fn a_webhook_that_overtakes_the_commit_is_applied_later(t: TestApp) {
        // Race 6: the gateway knows the intent before our own row does.
        use payments::entity::payments as payment;
        use sea_orm::ActiveValue::Set;
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let id: PaymentId = started.get("/payment/id");
        let set = |intent: Option<String>| payment::ActiveModel {
            id: Set(id),
            stripe_payment_intent_id: Set(intent),
            ..Default::default()
        };
        payment::Entity::update(set(None)).exec(t.conn()).await.unwrap();
        booking.deliver(&t, &booking.event("evt_1", "succeeded", &started, 54098, t.now())).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(booking.payment(&t, id).await.payment_status, PaymentStatus::Pending);
        payment::Entity::update(set(Some(started.str("/intent_id").to_owned()))).exec(t.conn()).await.unwrap();
        t.advance(Duration::from_secs(61));
        t.run_jobs(&registry()).await;
        assert_eq!(booking.payment(&t, id).await.payment_status, PaymentStatus::Completed);
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
    }

    async fn events_about_other_things_are_kept_and_ignored(t: TestApp) {
        let booking = g1(&t).await;
        let event = serde_json::json!({ "id": "evt_9", "type": "customer.created", "created": t.now().timestamp(),
            "livemode": false, "data": { "object": { "id": "cus_1", "object": "customer" } } });
        booking.deliver(&t, &event).await.assert_status(200);
        t.run_jobs(&registry()).await;
        assert_eq!(events(&t).await[0].status, GatewayEventStatus::Ignored);
    }
}
