//! Many planned payments due on one morning: each is claimed, charged and booked once. How many says
//! `HAIRLINE_TEST_DUE`.
//!
//! The simulator locks the attempt's row in a transaction of its own when it is called: were one held across the call,
//! neither engine would ever answer.

use identity::entity::patients;
use inquiry::entity::inquiries;
use kernel::ids::{
    AnyId, BookingTermsId, InquiryId, InstallmentPaymentPlanId, InstallmentScheduleItemId, LedgerEntryId, PatientId,
    PatientPaymentMethodId, PaymentHistoryId, PaymentId, QuoteId, ScheduleId,
};
use payments::entity::installment_schedule_items::InstallmentScheduleItemStatus as ItemStatus;
use payments::entity::{
    installment_payment_plans as plans, installment_schedule_items as items, ledger_entries, patient_payment_methods,
    payment_histories, payments as attempts,
};
use quoting::entity::{booking_terms, quotes, schedules};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, PaginatorTrait,
    QueryFilter,
};
use testkit::TestApp;

use crate::plans::{GOOD, begin, booked};
use crate::support::{proven, registry};

/// Bookings beside the one that was really made.
fn wanted() -> usize {
    std::env::var("HAIRLINE_TEST_DUE").ok().and_then(|many| many.parse().ok()).unwrap_or(40)
}

/// Rows of one statement.
const BATCH: usize = 100;

/// Writes as many copies of every row of a table as there are bookings to be; `change` makes each a row of its own.
async fn copied<M, E>(t: &TestApp, many: usize, mut change: impl FnMut(usize, M) -> M)
where
    E: EntityTrait<Model = M>,
    M: ModelTrait<Entity = E> + Clone + IntoActiveModel<E::ActiveModel> + sea_orm::FromQueryResult + Send + Sync,
    E::ActiveModel: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
{
    let originals = E::find().all(t.conn()).await.unwrap();
    let mut rows = Vec::new();
    for number in 0..many {
        rows.extend(originals.iter().map(|row| change(number, row.clone()).into_active_model().reset_all()));
    }
    for some in rows.chunks(BATCH) {
        E::insert_many(some.to_vec()).exec_without_returning(t.conn()).await.unwrap();
    }
}

/// What of the copies refers to each other.
struct Copy {
    patient: PatientId,
    inquiry: InquiryId,
    quote: QuoteId,
    plan: InstallmentPaymentPlanId,
    payment: PaymentId,
}

async fn copies(t: &TestApp, many: usize) {
    let all: Vec<Copy> = (0..many)
        .map(|_| Copy {
            patient: PatientId::new(),
            inquiry: InquiryId::new(),
            quote: QuoteId::new(),
            plan: InstallmentPaymentPlanId::new(),
            payment: PaymentId::new(),
        })
        .collect();
    let original = attempts::Entity::find().one(t.conn()).await.unwrap().unwrap().id.to_string();
    copied::<patients::Model, _>(t, many, |n, row| patients::Model {
        id: all[n].patient,
        email: format!("copy{n}@patients.example"),
        username: format!("copy{n}"),
        patient_code: Some(format!("COPY{n:06}")),
        ..row
    })
    .await;
    copied::<inquiries::Model, _>(t, many, |n, row| inquiries::Model {
        id: all[n].inquiry,
        patient_id: all[n].patient,
        inquiry_code: None,
        accepted_quote_id: None,
        ..row
    })
    .await;
    copied::<quotes::Model, _>(t, many, |n, row| quotes::Model {
        id: all[n].quote,
        inquiry_id: all[n].inquiry,
        quote_code: None,
        ..row
    })
    .await;
    copied::<schedules::Model, _>(t, many, |n, row| schedules::Model {
        id: ScheduleId::new(),
        quote_id: all[n].quote,
        ..row
    })
    .await;
    copied::<booking_terms::Model, _>(t, many, |n, row| booking_terms::Model {
        id: BookingTermsId::new(),
        quote_id: all[n].quote,
        booking_reference: format!("BKG-2603-{:05}", n + 2),
        ..row
    })
    .await;
    copied::<plans::Model, _>(t, many, |n, row| plans::Model {
        id: all[n].plan,
        quote_id: all[n].quote,
        patient_id: all[n].patient,
        ..row
    })
    .await;
    copied::<attempts::Model, _>(t, many, |n, row| attempts::Model {
        id: all[n].payment,
        quote_id: all[n].quote,
        patient_id: all[n].patient,
        installment_plan_id: Some(all[n].plan),
        idempotency_key: Some(format!("pay:{}", all[n].payment)),
        stripe_payment_intent_id: Some(format!("pi_sim_{}", all[n].payment.0.simple())),
        transaction_id: row.transaction_id.clone().map(|_| format!("pi_sim_{}", all[n].payment.0.simple())),
        ..row
    })
    .await;
    copied::<items::Model, _>(t, many, |n, row| items::Model {
        id: InstallmentScheduleItemId::new(),
        plan_id: all[n].plan,
        paid_payment_id: row.paid_payment_id.map(|_| all[n].payment),
        ..row
    })
    .await;
    copied::<patient_payment_methods::Model, _>(t, many, |n, row| patient_payment_methods::Model {
        id: PatientPaymentMethodId::new(),
        patient_id: all[n].patient,
        gateway_customer_id: format!("cus_sim_{}", all[n].patient.0.simple()),
        gateway_method_id: format!("pm_sim_{n}_{}", row.last4),
        ..row
    })
    .await;
    copied::<payment_histories::Model, _>(t, many, |n, row| payment_histories::Model {
        id: PaymentHistoryId::new(),
        payment_id: all[n].payment,
        quote_id: all[n].quote,
        ..row
    })
    .await;
    let mut postings = std::collections::HashMap::new();
    copied::<ledger_entries::Model, _>(t, many, |n, row| ledger_entries::Model {
        id: LedgerEntryId::new(),
        transaction_id: *postings.entry((n, row.transaction_id)).or_insert_with(AnyId::new),
        source_key: row.source_key.replace(&original, &all[n].payment.to_string()),
        quote_id: Some(all[n].quote),
        payment_id: row.payment_id.map(|_| all[n].payment),
        ..row
    })
    .await;
}

testkit::both! {
    /// R-PY-41: whoever is due is charged once, however many they are, and a second worker finds nothing left.
    async fn r_py_41_everything_due_is_charged_once(t: TestApp) {
        let booking = booked(&t, "2000.00", "2026-07-01").await;
        begin(&t, &booking, 3, "666.67", GOOD).await;
        let many = wanted();
        copies(&t, many).await;
        proven(&t).await;
        t.at("2026-04-01T03:00:00Z");
        let begun = std::time::Instant::now();
        let mut sweeps = 0;
        let due = || items::Entity::find().filter(items::Column::Status.eq(ItemStatus::Scheduled)).filter(items::Column::DueDate.eq(chrono::NaiveDate::from_ymd_opt(2026, 4, 1).unwrap()));
        // Two workers at once; a sweep ends after its time and the next one goes on.
        while due().count(t.conn()).await.unwrap() > 0 {
            let (a, b) = tokio::join!(payments::service::plans::charge_due(&t.app), payments::service::plans::charge_due(&t.app));
            a.unwrap();
            b.unwrap();
            sweeps += 1;
            assert!(sweeps < 200, "the sweeps do not come to an end");
        }
        let took = begun.elapsed();
        println!("{} due items in {sweeps} sweeps: {:.1} s, {:.0} a second", many + 1, took.as_secs_f64(), (many + 1) as f64 / took.as_secs_f64());
        let paid = items::Entity::find().filter(items::Column::Status.eq(ItemStatus::Paid)).count(t.conn()).await.unwrap();
        assert_eq!(paid, 2 * (many as u64 + 1), "the first part of each, and the second");
        let charged = attempts::Entity::find().filter(attempts::Column::InstallmentNumber.eq(2)).count(t.conn()).await.unwrap();
        assert_eq!(charged, many as u64 + 1, "one attempt each");
        let counted = plans::Entity::find().filter(plans::Column::CompletedInstallments.eq(2)).count(t.conn()).await.unwrap();
        assert_eq!(counted, many as u64 + 1);
        if many < 1_000 {
            t.run_jobs(&registry()).await;
        }
        proven(&t).await;
    }
}
