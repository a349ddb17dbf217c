//! A booking to pay for: accepted for real, on rows made by hand.

use directory::entity::providers::{self, ProviderOnboardingStage, ProviderStatus};
use identity::entity::patients;
use identity::seed::{AdminSpec, MemberSpec, PatientSpec};
use inquiry::entity::inquiries::{self, InquiryProblem, InquiryStatus};
use kernel::ids::{
    GatewayAccountId, InquiryId, PaymentId, ProviderId, ProviderUserId, QuoteClinicianId, QuoteId, TreatmentId, UserId,
};
use kernel::{Actor, Amount, Currency, Money, Timestamp};
use payments::entity::payment_histories::PaymentHistoryEvent;
use payments::entity::payments as payment;
use payments::entity::{gateway_accounts, ledger_entries, payment_histories};
use payments::gateway::signature;
use platform::jobs::Registry;
use quoting::entity::quote_clinicians::{self, CaseRole, QuoteClinicianAssignedByType};
use quoting::entity::quotes::{self, QuoteStatus};
use quoting::rules::accept::Ask;
use rust_decimal::Decimal;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use testkit::{Client, Reply, TestApp, at};

/// The secret the test installation signs its webhooks with.
pub fn secret(t: &TestApp) -> String {
    t.app.config.payments.webhook_secret.expose().clone()
}

/// One accepted booking and everybody around it.
pub struct Booking {
    pub quote: QuoteId,
    pub inquiry: InquiryId,
    pub provider: ProviderId,
    pub clinician: ProviderUserId,
    pub admin: UserId,
    pub patient_row: patients::Model,
    pub patient: Actor,
    pub account: GatewayAccountId,
    pub api: Client,
}

pub fn registry() -> Registry {
    let mut registry = Registry {
        subscriptions: payments::subscriptions(),
        kinds: payments::jobs(),
        schedules: payments::schedules(),
    };
    registry.kinds.extend(quoting::jobs());
    registry.schedules.extend(quoting::schedules());
    registry
}

/// Whatever happened: the ledger holds what its rows say, to the minor unit (R-PY-67).
pub async fn proven(t: &TestApp) {
    let report = payments::service::verify::bookings(&t.app, |_| {}).await.unwrap();
    assert!(report.is_ok(), "{:#?}", report.faults);
}

pub fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

/// G1: EUR 2,400.00, paid in GBP, slot Mon 2026-06-15 09:00 at a clinic in Istanbul, accepted 2026-03-02 10:00.
pub async fn g1(t: &TestApp) -> Booking {
    t.at("2026-03-02T10:00:00Z");
    let booking = offer(t, "GB", Money::new(amount("2400.00"), Currency::EUR)).await;
    booking.accept(t).await;
    booking
}

/// The same offer in dollars for an American: one currency all the way.
pub async fn dollars(t: &TestApp) -> Booking {
    t.at("2026-03-02T10:00:00Z");
    let booking = offer(t, "US", Money::new(amount("2000.00"), Currency::USD)).await;
    booking.accept(t).await;
    booking
}

/// An offer that waits for its patient.
pub async fn offer(t: &TestApp, country: &str, price: Money) -> Booking {
    let (app, now) = (&t.app, t.now());
    payments::install(app).await.unwrap();
    catalogue::install(app).await.unwrap();
    for (currency, rate) in [(Currency::EUR, "0.92"), (Currency::GBP, "0.79"), (Currency::TRY, "34.5")] {
        let rate: Decimal = rate.parse().unwrap();
        catalogue::fx::set_manual_rate(t.conn(), now, currency, rate, Decimal::from(5)).await.unwrap();
    }
    let admin = identity::seed::admin(app, AdminSpec::super_admin("boss@hairline.example")).await.unwrap();
    let mut person = PatientSpec::new(app, "Jane", "Doe");
    person.country = country.to_owned();
    let patient_row = identity::seed::patient(app, person).await.unwrap();
    let provider = clinic(t, now).await;
    let member = MemberSpec::new("provider_owner", "Ayse", "Yilmaz", "ayse@clinic.example");
    let clinician = identity::seed::clinic_user(app, provider, member).await.unwrap();
    let inquiry = inquiry(t, &patient_row, now).await;
    let treatment = catalogue::seed::treatments(app, admin).await.unwrap()[0].id;
    let quote = quote(t, inquiry, provider, treatment, price, now).await;
    lead(t, quote, clinician, now).await;
    let account = gateway_accounts::Entity::find().one(t.conn()).await.unwrap().unwrap().id;
    let patient = testkit::actors::patient(patient_row.id);
    let api = t.client(payments::routes());
    Booking { quote, inquiry, provider, clinician, admin, patient_row, patient, account, api }
}

/// One more accepted booking of the same clinic, on a day of its own: another patient, another request.
pub async fn another(t: &TestApp, like: &Booking, number: u32, country: &str, price: Money) -> Booking {
    let now = t.now();
    let mut person = PatientSpec::new(&t.app, "Max", "Doe");
    person.country = country.to_owned();
    person.email = format!("max{number}@patients.example");
    person.phone = format!("+4477009{number:05}");
    let patient_row = identity::seed::patient(&t.app, person).await.unwrap();
    let inquiry = inquiry(t, &patient_row, now).await;
    let treatment = like.quote_row(t).await.treatment_id;
    let quote = quote(t, inquiry, like.provider, treatment, price, now).await;
    lead(t, quote, like.clinician, now).await;
    let day = chrono::NaiveDate::from_ymd_opt(2026, 6, 16).unwrap() + chrono::Days::new(u64::from(number));
    let slot = quotes::ActiveModel {
        id: Set(quote),
        appointment_slot_at: Set(Some(at(&format!("{day}T06:00:00Z")))),
        treatment_date: Set(json!([{ "date": day, "price": price.amount }])),
        ..Default::default()
    };
    slot.update(t.conn()).await.unwrap();
    let patient = testkit::actors::patient(patient_row.id);
    let booking = Booking { quote, inquiry, patient_row, patient, api: like.api.clone(), ..*like };
    booking.accept(t).await;
    booking
}

pub async fn clinic(t: &TestApp, now: Timestamp) -> ProviderId {
    let id = ProviderId::new();
    providers::ActiveModel {
        id: Set(id),
        provider_name: Set("Bosphorus Hair".into()),
        email: Set(format!("{id}@clinic.example")),
        city: Set("Istanbul".into()),
        country: Set("Turkey".into()),
        country_code: Set(Some("TR".into())),
        status: Set(ProviderStatus::Active),
        timezone: Set(Some("Europe/Istanbul".into())),
        onboarding_stage: Set(ProviderOnboardingStage::Live),
        seat_limit: Set(10),
        is_featured: Set(false),
        rating_sum: Set(0),
        rating_count: Set(0),
        treated_count: Set(0),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    }
    .insert(t.conn())
    .await
    .unwrap();
    id
}

async fn inquiry(t: &TestApp, patient: &patients::Model, now: Timestamp) -> InquiryId {
    let id = InquiryId::new();
    inquiries::ActiveModel {
        id: Set(id),
        patient_id: Set(patient.id),
        problem: Set(InquiryProblem::HairTransplant),
        scan_url: Set(format!("inquiries/{id}/scan")),
        treatment_schedule: Set(json!([{ "start": "2026-06-10", "end": "2026-06-20" }])),
        problem_details: Set("Thin on top.".into()),
        status: Set(InquiryStatus::Quote),
        submitted_at: Set(Some(now)),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    }
    .insert(t.conn())
    .await
    .unwrap();
    id
}

async fn quote(
    t: &TestApp,
    inquiry: InquiryId,
    provider: ProviderId,
    treatment: TreatmentId,
    price: Money,
    now: Timestamp,
) -> QuoteId {
    let id = QuoteId::new();
    quotes::ActiveModel {
        id: Set(id),
        inquiry_id: Set(inquiry),
        provider_id: Set(provider),
        treatment_id: Set(treatment),
        treatment_date: Set(json!([{ "date": "2026-06-15", "price": price.amount }])),
        commission: Set(20),
        quote_amount: Set(price.amount),
        currency: Set(price.currency),
        status: Set(QuoteStatus::Quote),
        expires_at: Set(Some(at("2026-03-20T10:00:00Z"))),
        expiration_hours: Set(400),
        auto_accepted: Set(false),
        appointment_pre_scheduled: Set(true),
        version: Set(1),
        treatment_amount: Set(price.amount),
        packages_amount: Set(Amount::ZERO),
        extras_amount: Set(Amount::ZERO),
        fees_amount: Set(Amount::ZERO),
        discount_amount: Set(Amount::ZERO),
        commission_amount: Set(Amount::ZERO),
        appointment_slot_at: Set(Some(at("2026-06-15T06:00:00Z"))),
        appointment_timezone: Set(Some("Europe/Istanbul".into())),
        slot_duration_minutes: Set(480),
        slot_day_count: Set(1),
        submitted_at: Set(Some(now)),
        hold_lapse_count: Set(0),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    }
    .insert(t.conn())
    .await
    .unwrap();
    id
}

async fn lead(t: &TestApp, quote: QuoteId, clinician: ProviderUserId, now: Timestamp) {
    quote_clinicians::ActiveModel {
        id: Set(QuoteClinicianId::new()),
        quote_id: Set(quote),
        provider_user_id: Set(clinician),
        case_role: Set(CaseRole::Lead),
        display_name: Set("Ayse Yilmaz".into()),
        active_key: Set(Some(quoting::store::lead_key(quote))),
        assigned_by_type: Set(QuoteClinicianAssignedByType::ProviderUser),
        assigned_by_id: Set(clinician.any()),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    }
    .insert(t.conn())
    .await
    .unwrap();
}

impl Booking {
    pub async fn accept(&self, t: &TestApp) {
        let row = self.quote_row(t).await;
        let expected_total = Money::new(row.quote_amount, row.currency);
        let ask = Ask { version: row.version, expected_total, terms: true };
        quoting::service::accept::accept(&t.app, &self.patient, self.quote, ask).await.unwrap();
    }

    pub fn client(&self) -> Client {
        self.api.as_actor(self.patient.clone())
    }

    pub fn body(option: &str, amount: &str, currency: &str) -> Value {
        json!({
            "option": option,
            "method": "card",
            "expected_amount": { "amount": amount, "currency": currency },
            "accept_cancellation_policy": true,
            "accept_terms": true,
        })
    }

    pub async fn start(&self, body: Value) -> Reply {
        self.client().post(&format!("/bookings/{}/payments", self.quote), body).await
    }

    /// Starts the deposit of G1.
    pub async fn start_deposit(&self) -> Reply {
        self.start(Self::body("deposit", "540.98", "GBP")).await.assert_status(200)
    }

    /// Types a card at the simulator.
    pub async fn confirm(&self, started: &Reply, number: &str) -> Reply {
        let card = json!({ "number": number, "exp_month": 12, "exp_year": 2030, "cvc": "123" });
        let body = json!({ "client_secret": started.str("/client_secret"), "card": card });
        self.api.post(&format!("/simulator/payment-intents/{}/confirm", started.str("/intent_id")), body).await
    }

    /// Signs a body and delivers it.
    pub async fn deliver(&self, t: &TestApp, event: &Value) -> Reply {
        let body = event.to_string();
        let header = signature::sign(&secret(t), t.now(), body.as_bytes());
        self.deliver_as(&header, &body).await
    }

    pub async fn deliver_as(&self, header: &str, body: &str) -> Reply {
        let api = self.api.header("stripe-signature", header);
        api.raw(&format!("/webhooks/gateway/{}", self.account), "application/json", body.to_owned()).await
    }

    /// An event of an intent as a gateway words it.
    pub fn event(&self, id: &str, kind: &str, started: &Reply, minor: i64, created: Timestamp) -> Value {
        json!({
            "id": id,
            "object": "event",
            "type": format!("payment_intent.{kind}"),
            "created": created.timestamp(),
            "livemode": false,
            "data": { "object": {
                "id": started.str("/intent_id"),
                "object": "payment_intent",
                "amount": minor,
                "amount_received": if kind == "succeeded" { minor } else { 0 },
                "currency": started.str("/payment/money/currency").to_lowercase(),
                "metadata": { "payment_id": started.str("/payment/id"), "quote_id": self.quote.to_string() },
            } },
        })
    }

    pub async fn quote_row(&self, t: &TestApp) -> quotes::Model {
        quotes::Entity::find_by_id(self.quote).one(t.conn()).await.unwrap().unwrap()
    }

    pub async fn status(&self, t: &TestApp) -> QuoteStatus {
        self.quote_row(t).await.status
    }

    pub async fn payments(&self, t: &TestApp) -> Vec<payment::Model> {
        let mine = payment::Entity::find().filter(payment::Column::QuoteId.eq(self.quote));
        mine.order_by_asc(payment::Column::Id).all(t.conn()).await.unwrap()
    }

    pub async fn payment(&self, t: &TestApp, id: PaymentId) -> payment::Model {
        payment::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap()
    }

    pub async fn history(&self, t: &TestApp, id: PaymentId) -> Vec<PaymentHistoryEvent> {
        let rows = payment_histories::Entity::find().filter(payment_histories::Column::PaymentId.eq(id));
        let rows = rows.order_by_asc(payment_histories::Column::Sequence).all(t.conn()).await.unwrap();
        let numbers: Vec<i32> = rows.iter().map(|row| row.sequence).collect();
        assert_eq!(numbers, (1..).take(rows.len()).collect::<Vec<i32>>(), "the history has gaps");
        rows.into_iter().map(|row| row.event).collect()
    }

    /// The ledger of the booking, as `account currency debit/credit`, in the order it was written.
    pub async fn ledger(&self, t: &TestApp) -> Vec<String> {
        proven(t).await;
        let lines = self.ledger_rows(t).await;
        lines.iter().map(|l| format!("{:?} {} {}/{}", l.account, l.currency, l.debit, l.credit)).collect()
    }

    pub async fn ledger_rows(&self, t: &TestApp) -> Vec<ledger_entries::Model> {
        let mine = ledger_entries::Entity::find().filter(ledger_entries::Column::QuoteId.eq(self.quote));
        mine.order_by_asc(ledger_entries::Column::Id).all(t.conn()).await.unwrap()
    }

    /// The words of the case's timeline, oldest first.
    pub async fn timeline(&self, t: &TestApp) -> Vec<String> {
        use inquiry::entity::workflow_timelines as words;
        let mine = words::Entity::find().filter(words::Column::InquiryId.eq(self.inquiry));
        let mine = mine.order_by_asc(words::Column::Id).all(t.conn()).await.unwrap();
        mine.into_iter().map(|row| row.event).collect()
    }

    /// Keys of the outbox, oldest first.
    pub async fn told(&self, t: &TestApp) -> Vec<String> {
        let rows = platform::outbox::recorded(t.conn(), None).await.unwrap();
        rows.into_iter().map(|row| row.event_key).collect()
    }
}
