//! Recomputing the ledger: what adds up passes, and what is off by a minor unit is named.

use kernel::ids::{LedgerEntryId, PaymentId};
use payments::entity::payments::PaymentStatus;
use payments::entity::{installment_schedule_items as items, ledger_entries, payments as rows};
use payments::service::verify::{self, Report, Wrong};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use testkit::TestApp;

use crate::plans;
use crate::support::{Booking, amount, g1, proven, registry};

async fn walked(t: &TestApp) -> Report {
    verify::bookings(&t.app, |_| {}).await.unwrap()
}

fn wrongs(report: &Report) -> Vec<Wrong> {
    report.faults.iter().map(|fault| fault.wrong).collect()
}

async fn paid(t: &TestApp) -> Booking {
    let booking = g1(t).await;
    let started = booking.start_deposit().await;
    booking.confirm(&started, "4242424242424242").await.assert_status(200);
    t.run_jobs(&registry()).await;
    booking
}

/// One more entry like another, with what the change makes of it.
async fn forge(t: &TestApp, like: &ledger_entries::Model, change: impl FnOnce(&mut ledger_entries::Model)) {
    let mut copy = like.clone();
    copy.id = LedgerEntryId::new();
    change(&mut copy);
    copy.into_active_model().reset_all().insert(t.conn()).await.unwrap();
}

testkit::both! {
    /// R-PY-67, R-PY-68.
    async fn what_adds_up_is_proven(t: TestApp) {
        assert_eq!((walked(&t).await.bookings, verify::count(&t.app).await.unwrap()), (0, 0));
        let booking = paid(&t).await;
        let report = walked(&t).await;
        assert!(report.is_ok(), "{:#?}", report.faults);
        assert_eq!((report.bookings, report.entries, verify::count(&t.app).await.unwrap()), (1, 2, 1));
        let of = |report: &Report, account: &str, currency| report.balances.get(&(account.to_owned(), currency)).copied().unwrap_or_default().to_string();
        assert_eq!(of(&report, "cash", kernel::Currency::GBP), "540.98");
        assert_eq!(of(&report, "customer_funds", kernel::Currency::GBP), "-540.98");
        payments::seed::pay_balance(&t.app, &booking.patient, booking.quote).await.unwrap();
        t.run_jobs(&registry()).await;
        payments::service::treated::treated(&t.app, booking.quote).await.unwrap();
        let report = walked(&t).await;
        assert!(report.is_ok(), "{:#?}", report.faults);
        assert_eq!(of(&report, "customer_funds", kernel::Currency::GBP), "0.00");
        assert_eq!(of(&report, "provider_payable", kernel::Currency::EUR), "-1920.00");
        assert_eq!(of(&report, "platform_revenue", kernel::Currency::EUR), "-480.00");
    }

    /// R-PY-66: what was paid, posted and issued is never deleted, and its amounts are never written over.
    async fn the_books_cannot_be_rewritten(t: TestApp) {
        let booking = paid(&t).await;
        let tables = ["payments", "payment_histories", "ledger_entries", "payment_documents"];
        for table in tables {
            let refused = t.conn().execute_unprepared(&format!("DELETE FROM {table}")).await;
            assert!(refused.is_err(), "{table}");
        }
        for change in [
            "ledger_entries SET debit = debit + 1 WHERE debit > 0",
            "payment_documents SET document_number = 'INV-2603-00009'",
            "payment_histories SET sequence = sequence + 1",
        ] {
            assert!(t.conn().execute_unprepared(&format!("UPDATE {change}")).await.is_err(), "{change}");
        }
        assert_eq!(booking.payments(&t).await.len(), 1);
        assert!(walked(&t).await.is_ok());
    }

    async fn what_nobody_asked_for_is_named(t: TestApp) {
        let booking = paid(&t).await;
        let entries = booking.ledger_rows(&t).await;
        // A whole posting for a payment that never was: balanced, and money out of nowhere.
        let nobody = PaymentId::new();
        for entry in &entries {
            forge(&t, entry, |copy| {
                copy.line_no += 4;
                copy.source_key = format!("payment:{nobody}:completed");
            })
            .await;
        }
        let report = walked(&t).await;
        assert_eq!(wrongs(&report), [Wrong::Unexpected, Wrong::Held], "{:#?}", report.faults);
        assert_eq!((report.faults[1].expected.as_str(), report.faults[1].found.as_str()), ("540.98", "1081.96"));
    }

    async fn a_minor_unit_is_enough(t: TestApp) {
        let booking = paid(&t).await;
        let entries = booking.ledger_rows(&t).await;
        // One more line of an honest posting: a penny that came from nowhere.
        forge(&t, &entries[0], |copy| {
            copy.line_no = 9;
            copy.debit = amount("0.01");
        })
        .await;
        let report = walked(&t).await;
        assert_eq!(wrongs(&report), [Wrong::Unbalanced, Wrong::Differs], "{:#?}", report.faults);
        assert_eq!((report.faulty, report.faults[0].found.as_str()), (2, "0.01 GBP"));
    }

    async fn money_without_a_posting_is_missed(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let id: PaymentId = started.get("/payment/id");
        // The row says that it was paid; nobody booked it.
        rows::Entity::update_many()
            .col_expr(rows::Column::PaymentStatus, Expr::value(PaymentStatus::Completed))
            .filter(rows::Column::Id.eq(id))
            .exec(t.conn()).await.unwrap();
        let report = walked(&t).await;
        assert_eq!(wrongs(&report), [Wrong::Missing, Wrong::Held], "{:#?}", report.faults);
        assert_eq!(report.faults[0].about, format!("payment:{id}:completed"));
    }

    /// R-PY-37.
    async fn a_plan_whose_parts_are_not_its_total_is_named(t: TestApp) {
        let booking = plans::booked(&t, "2000.00", "2026-07-01").await;
        plans::begin(&t, &booking, 3, "666.67", "4242424242424242").await;
        proven(&t).await;
        let part = items::Entity::find().one(t.conn()).await.unwrap().unwrap();
        let more = items::ActiveModel {
            id: Set(part.id),
            amount: Set(part.amount + amount("0.01")),
            ..Default::default()
        };
        more.update(t.conn()).await.unwrap();
        assert_eq!(wrongs(&walked(&t).await), [Wrong::Plan]);
    }
}
