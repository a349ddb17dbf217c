//! Random sequences of deliveries: whatever arrives in whatever order, the books are right.

use kernel::ids::PaymentId;
use payments::entity::payments::{PaymentStatus, PaymentType};
use payments::rules::ledger::{Line, is_balanced};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use testkit::TestApp;

use crate::support::{Booking, amount, g1, proven, registry};

/// One thing that happens to a booking.
#[derive(Clone, Copy, Debug)]
enum Blow {
    /// An event of one of the attempts, possibly one that came before.
    Event { kind: &'static str, id: u8, attempt: u8, off_by: i64 },
    /// The patient clicks on pay.
    Pay { full: bool },
    /// Workers run.
    Work,
    /// Time passes.
    Wait { hours: i64 },
}

fn blow() -> impl Strategy<Value = Blow> {
    let kind = prop_oneof![
        4 => Just("succeeded"),
        2 => Just("payment_failed"),
        1 => Just("processing"),
        1 => Just("canceled"),
        1 => Just("requires_action"),
    ];
    let off = prop_oneof![6 => Just(0i64), 1 => Just(-1i64)];
    prop_oneof![
        6 => (kind, 0u8..6, 0u8..3, off).prop_map(|(kind, id, attempt, off_by)| Blow::Event { kind, id, attempt, off_by }),
        3 => any::<bool>().prop_map(|full| Blow::Pay { full }),
        2 => Just(Blow::Work),
        1 => prop_oneof![Just(1i64), Just(25), Just(50)].prop_map(|hours| Blow::Wait { hours }),
    ]
}

testkit::both! {
    /// A refused attempt that a forgotten browser pays a day later, and whose webhook is lost: its money is found.
    async fn a_refused_attempt_is_given_up_or_found_paid(t: TestApp) {
        use payments::entity::payments::PaymentStatus;
        let booking = crate::support::g1(&t).await;
        let started = booking.start_deposit().await;
        booking.confirm(&started, "4000000000000002").await;
        t.run_jobs(&registry()).await;
        let other = crate::support::another(&t, &booking, 1, "GB", kernel::Money::new(crate::support::amount("2400.00"), kernel::Currency::EUR)).await;
        let second = other.start_deposit().await;
        other.confirm(&second, "4000000000000002").await;
        t.run_jobs(&registry()).await;
        t.advance(chrono::Duration::hours(23));
        booking.confirm(&started, "4242424242424242").await.assert_status(200);
        sea_orm::ConnectionTrait::execute_unprepared(t.conn(), "DELETE FROM jobs WHERE job_type = 'payments.simulator_deliver'").await.unwrap();
        t.run_jobs(&registry()).await;
        assert_eq!(booking.payments(&t).await[0].payment_status, PaymentStatus::Failed);
        t.advance(chrono::Duration::hours(2));
        t.run_jobs(&registry()).await;
        assert_eq!(booking.payments(&t).await[0].payment_status, PaymentStatus::Completed);
        assert_eq!(booking.status(&t).await, quoting::entity::quotes::QuoteStatus::Confirmed);
        assert_eq!(other.payments(&t).await[0].payment_status, PaymentStatus::Failed);
        other.confirm(&second, "4242424242424242").await.assert_problem(409, "intent_canceled");
    }

    async fn random_deliveries_never_confirm_twice_and_always_balance(t: TestApp) {
        // Fixed seed: a failure is found again.
        let mut runner = TestRunner::new_with_rng(Config::default(), proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ));
        let sequences = proptest::collection::vec(blow(), 6..14);
        // A database lives through one sequence only: a second booking of the fixture needs a database of its own.
        let mut paid = 0;
        for _ in 0..STORMS {
            let blows = sequences.new_tree(&mut runner).unwrap().current();
            let fresh = TestApp::start(t.engine).await.expect("the engine of this test");
            paid += u32::from(survive(&fresh, &blows).await);
        }
        assert!(paid > 0, "no sequence paid: the test would prove nothing");
    }
}

const STORMS: usize = 8;

async fn survive(t: &TestApp, blows: &[Blow]) -> bool {
    let booking = g1(t).await;
    let mut attempts = vec![booking.start_deposit().await];
    for blow in blows {
        match *blow {
            Blow::Event { kind, id, attempt, off_by } => {
                let started = &attempts[usize::from(attempt) % attempts.len()];
                let minor = if started.str("/payment/money/amount") == "540.98" { 54098 } else { 216391 } + off_by;
                let event = booking.event(&format!("evt_{kind}_{id}"), kind, started, minor, t.now());
                booking.deliver(t, &event).await.assert_status(200);
            }
            Blow::Pay { full } => {
                let (option, due) = if full { ("full", "2163.91") } else { ("deposit", "540.98") };
                let reply = booking.start(Booking::body(option, due, "GBP")).await;
                if reply.status.is_success() {
                    attempts.push(reply);
                } else {
                    assert!(matches!(reply.status.as_u16(), 409 | 422), "{}", reply.text());
                }
            }
            Blow::Work => t.run_jobs(&registry()).await,
            Blow::Wait { hours } => t.advance(chrono::Duration::hours(hours)),
        }
    }
    t.run_jobs(&registry()).await;
    judge(t, &booking, blows).await
}

/// What must hold after any storm; tells whether money came in at all.
async fn judge(t: &TestApp, booking: &Booking, blows: &[Blow]) -> bool {
    let rows = booking.payments(t).await;
    let ledger = booking.ledger_rows(t).await;
    let lines: Vec<Line> = ledger
        .iter()
        .map(|row| Line { account: row.account, currency: row.currency, debit: row.debit, credit: row.credit })
        .collect();
    assert!(is_balanced(&lines), "{blows:?}");
    let postings = |id: PaymentId| ledger.iter().filter(|row| row.payment_id == Some(id)).count();
    for row in &rows {
        let wanted = match row.payment_status {
            PaymentStatus::Completed | PaymentStatus::Refunded => 2,
            PaymentStatus::Pending | PaymentStatus::Failed => 0,
        };
        assert_eq!(postings(row.id), wanted, "{row:?} after {blows:?}");
    }
    proven(t).await;
    let told = booking.told(t).await;
    let confirmations = told.iter().filter(|key| *key == "booking.confirmed").count();
    assert!(confirmations <= 1, "{blows:?}");
    let received: kernel::Amount = rows
        .iter()
        .filter(|row| row.payment_type != PaymentType::Refund)
        .filter(|row| matches!(row.payment_status, PaymentStatus::Completed | PaymentStatus::Refunded))
        .map(|row| row.amount)
        .sum();
    let balance = payments::balance(t.conn(), booking.quote).await.unwrap();
    assert!(balance.paid <= amount("2163.91"), "more was kept than the price: {blows:?}");
    assert_eq!(
        balance.paid.is_positive(),
        confirmations == 1,
        "paid without a slot, or the other way round: {blows:?}"
    );
    received.is_positive()
}
