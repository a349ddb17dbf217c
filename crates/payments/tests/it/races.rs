//! Races of the spec with real concurrency: tasks that start together, never sleeps.

use std::sync::Arc;

use kernel::ids::PaymentId;
use payments::entity::gateway_events;
use payments::entity::payment_histories::PaymentHistoryEvent as Step;
use payments::entity::payments::PaymentStatus;
use quoting::entity::quotes::QuoteStatus;
use sea_orm::{EntityTrait, PaginatorTrait};
use testkit::TestApp;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::support::{Booking, g1, registry};

testkit::both! {
    async fn race_1_two_clicks_on_pay_make_one_attempt(t: TestApp) {
        let booking = g1(&t).await;
        let barrier = Arc::new(Barrier::new(4));
        let mut clicks = JoinSet::new();
        for _ in 0..4 {
            let (client, barrier) = (booking.client(), barrier.clone());
            let path = format!("/bookings/{}/payments", booking.quote);
            clicks.spawn(async move {
                barrier.wait().await;
                client.post(&path, Booking::body("deposit", "540.98", "GBP")).await.assert_status(200)
            });
        }
        let replies = clicks.join_all().await;
        let first = replies[0].str("/payment/id");
        assert!(replies.iter().all(|reply| reply.str("/payment/id") == first));
        assert_eq!(booking.payments(&t).await.len(), 1);
    }

    async fn race_1_two_devices_with_different_choices_make_one_open_attempt(t: TestApp) {
        let booking = g1(&t).await;
        let barrier = Arc::new(Barrier::new(2));
        let mut devices = JoinSet::new();
        for (option, amount) in [("deposit", "540.98"), ("full", "2163.91")] {
            let (client, barrier) = (booking.client(), barrier.clone());
            let path = format!("/bookings/{}/payments", booking.quote);
            devices.spawn(async move {
                barrier.wait().await;
                client.post(&path, Booking::body(option, amount, "GBP")).await.assert_status(200)
            });
        }
        devices.join_all().await;
        let rows = booking.payments(&t).await;
        let open: Vec<_> = rows.iter().filter(|row| row.payment_status == PaymentStatus::Pending).collect();
        assert_eq!((rows.len(), open.len()), (2, 1), "the loser was given up at the gateway");
    }

    async fn race_5_one_webhook_five_times_at_once(t: TestApp) {
        let booking = Arc::new(g1(&t).await);
        let started = booking.start_deposit().await;
        let event = Arc::new(booking.event("evt_1", "succeeded", &started, 54098, t.now()));
        let barrier = Arc::new(Barrier::new(5));
        let secret = crate::support::secret(&t);
        let now = t.now();
        let mut storm = JoinSet::new();
        for _ in 0..5 {
            let (booking, event, barrier, secret) = (booking.clone(), event.clone(), barrier.clone(), secret.clone());
            storm.spawn(async move {
                let body = event.to_string();
                let header = payments::gateway::signature::sign(&secret, now, body.as_bytes());
                barrier.wait().await;
                booking.deliver_as(&header, &body).await.assert_status(200);
            });
        }
        storm.join_all().await;
        assert_eq!(gateway_events::Entity::find().count(t.conn()).await.unwrap(), 1);
        t.run_jobs(&registry()).await;
        assert_eq!(booking.history(&t, started.get("/payment/id")).await, [Step::Created, Step::Succeeded]);
        assert_eq!(booking.ledger(&t).await.len(), 2);
    }

    async fn race_5_workers_on_the_same_event_book_once(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let id: PaymentId = started.get("/payment/id");
        for (event, kind) in [("e1", "succeeded"), ("e2", "payment_failed"), ("e3", "succeeded")] {
            booking.deliver(&t, &booking.event(event, kind, &started, 54098, t.now())).await.assert_status(200);
        }
        let stored = gateway_events::Entity::find().all(t.conn()).await.unwrap();
        let barrier = Arc::new(Barrier::new(6));
        let mut workers = JoinSet::new();
        for event in stored.iter().chain(&stored) {
            let (app, id, barrier) = (t.app.clone(), event.id, barrier.clone());
            workers.spawn(async move {
                barrier.wait().await;
                payments::service::process::process(&app, id).await.unwrap();
            });
        }
        workers.join_all().await;
        assert_eq!(booking.payment(&t, id).await.payment_status, PaymentStatus::Completed);
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        assert_eq!(booking.ledger(&t).await.len(), 2);
        assert_eq!(booking.history(&t, id).await.iter().filter(|step| **step == Step::Succeeded).count(), 1);
    }

    async fn race_3_hold_expiry_against_the_success_webhook(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        booking.confirm(&started, "4242424242424242").await.assert_status(200);
        t.at("2026-03-04T10:00:00Z");
        booking.deliver(&t, &booking.event("evt_1", "succeeded", &started, 54098, t.now())).await.assert_status(200);
        let event = gateway_events::Entity::find().one(t.conn()).await.unwrap().unwrap().id;
        let barrier = Arc::new(Barrier::new(2));
        let (app, other) = (t.app.clone(), barrier.clone());
        let webhook = tokio::spawn(async move {
            other.wait().await;
            payments::service::process::process(&app, event).await.unwrap();
        });
        barrier.wait().await;
        payments::service::holds::close_attempts(&t.app).await.unwrap();
        webhook.await.unwrap();
        t.run_jobs(&registry()).await;
        assert_eq!(booking.status(&t).await, QuoteStatus::Confirmed);
        assert_eq!(booking.ledger(&t).await.len(), 2);
    }
}
