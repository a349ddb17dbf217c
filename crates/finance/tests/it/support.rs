//! A clinic that treats patients who pay everything at once, on rows made by hand.

use chrono::NaiveDate;
use directory::entity::provider_commissions::{
    self as agreed, ProviderCommissionPaymentCycle as Cycle, ProviderCommissionStatus, ProviderCommissionType,
};
use directory::entity::providers::{self, ProviderOnboardingStage, ProviderStatus};
use finance::entity::provider_bill_items as items;
use finance::entity::provider_bills::{self as bills, ProviderBillStatus as Status};
use finance::rules::account::Typed;
use finance::service::{account, build, decide, pay};
use identity::auth::Carrier;
use identity::entity::auth_sessions;
use identity::seed::{AdminSpec, MemberSpec, PatientSpec};
use identity::service::sessions::{self, Holder};
use inquiry::entity::inquiries::{self, InquiryProblem, InquiryStatus};
use kernel::ids::{
    AnyId, InquiryId, PatientId, ProviderBillId, ProviderCommissionId, ProviderId, ProviderUserId, QuoteClinicianId,
    QuoteId, TreatmentId, UserId,
};
use kernel::{Actor, Amount, Currency, Guard, Money};
use payments::entity::ledger_entries;
use platform::jobs::Registry;
use quoting::case;
use quoting::entity::quote_clinicians::{self, CaseRole, QuoteClinicianAssignedByType};
use quoting::entity::quotes::{self, QuoteDiscountFunding, QuoteStatus};
use quoting::rules::accept::Ask;
use rust_decimal::Decimal;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use testkit::{Client, TestApp, actors, at};

/// One clinic, paid weekly on Fridays, and Hairline's chief.
pub struct World {
    pub admin: UserId,
    pub provider: ProviderId,
    pub owner: ProviderUserId,
    pub treatment: TreatmentId,
    pub api: Client,
}

pub fn registry() -> Registry {
    let mut kinds = payments::jobs();
    kinds.extend(finance::jobs());
    let subscriptions = payments::subscriptions().into_iter().chain(finance::subscriptions()).collect();
    Registry { subscriptions, kinds, schedules: Vec::new() }
}

pub fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A euro account in Germany.
pub fn euros() -> Typed {
    finance::seed::good_account()
}

/// The same account for another currency.
pub fn account_in(currency: &str) -> Typed {
    Typed { currency: currency.into(), ..euros() }
}

/// A German account whose number ends with these digits.
pub fn ending(last: u64) -> Typed {
    Typed { iban: finance::seed::german_iban(1_230_000 + last), ..euros() }
}

pub async fn world(t: &TestApp) -> World {
    t.at("2026-03-01T08:00:00Z");
    let (app, now) = (&t.app, t.now());
    payments::install(app).await.unwrap();
    catalogue::install(app).await.unwrap();
    for (currency, rate) in [(Currency::EUR, "0.92"), (Currency::GBP, "0.79"), (Currency::TRY, "34.5")] {
        let rate: Decimal = rate.parse().unwrap();
        catalogue::fx::set_manual_rate(t.conn(), now, currency, rate, Decimal::from(5)).await.unwrap();
    }
    let admin = identity::seed::admin(app, AdminSpec::super_admin("boss@hairline.example")).await.unwrap();
    let (provider, owner) = clinic(t, "Bosphorus Hair", "ayse@clinic.example").await;
    let treatment = catalogue::seed::treatments(app, admin).await.unwrap()[0].id;
    let api = t.client(finance::routes().merge(payments::routes()));
    let world = World { admin, provider, owner, treatment, api };
    world.agree(t, "2026-01-01", Some("2026-03-02"), 20, Cycle::Weekly).await;
    world.agree(t, "2026-03-03", Some("2026-03-03"), 18, Cycle::Weekly).await;
    world.agree(t, "2026-03-04", None, 20, Cycle::Weekly).await;
    world
}

/// Another clinic with its owner.
pub async fn clinic(t: &TestApp, name: &str, email: &str) -> (ProviderId, ProviderUserId) {
    let (id, now) = (ProviderId::new(), t.now());
    providers::ActiveModel {
        id: Set(id),
        provider_name: Set(name.into()),
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
    let member = MemberSpec::new("provider_owner", "Ayse", "Yilmaz", email);
    (id, identity::seed::clinic_user(&t.app, id, member).await.unwrap())
}

pub async fn fresh(t: &TestApp, guard: Guard, id: AnyId, actor: Actor) -> Actor {
    let policy = sessions::policy_of(&t.app, guard).await.unwrap();
    let nobody = Actor::anonymous();
    platform::write_txn!(t.app.db, |txn| {
        let holder = Holder { guard, id };
        sessions::open(txn, &t.app, &nobody, holder, (policy, Carrier::Cookie), true, None).await.map(drop)
    })
    .unwrap();
    let newest = auth_sessions::Entity::find().order_by_desc(auth_sessions::Column::Id).one(t.conn()).await.unwrap();
    let mut actor = actor;
    actor.session = newest.map(|session| session.id);
    actor
}

impl World {
    /// The chief with a session whose proof is fresh.
    pub async fn chief(&self, t: &TestApp) -> Actor {
        fresh(t, Guard::Api, self.admin.any(), actors::super_admin(self.admin)).await
    }

    /// The API as staff.
    pub async fn desk(&self, t: &TestApp) -> Client {
        self.api.as_actor(self.chief(t).await)
    }

    /// The clinic's owner with a session whose proof is fresh.
    pub async fn keeper(&self, t: &TestApp) -> Actor {
        fresh(t, Guard::Provider, self.owner.any(), actors::clinic_owner(self.owner, self.provider)).await
    }

    pub async fn agree(&self, t: &TestApp, from: &str, to: Option<&str>, percent: i32, cycle: Cycle) {
        let now = t.now();
        agreed::ActiveModel {
            id: Set(ProviderCommissionId::new()),
            provider_id: Set(self.provider),
            commission_type: Set(ProviderCommissionType::Percentage),
            commission_value: Set(Amount::from_units(percent)),
            currency: Set(None),
            payment_cycle: Set(cycle),
            payout_offset_days: Set(5),
            effective_from: Set(day(from)),
            effective_to: Set(to.map(day)),
            scope_id: Set(None),
            status: Set(ProviderCommissionStatus::Active),
            reason: Set("Agreed when the clinic came on board.".into()),
            created_by_user_id: Set(self.admin),
            created_at: Set(now),
            updated_at: Set(now),
        }
        .insert(t.conn())
        .await
        .unwrap();
    }

    /// An offer in euros for a patient of a country, accepted and paid in full on a day; the appointment is at nine.
    pub async fn paid(&self, t: &TestApp, country: &str, price: &str, booked: &str, slot: &str) -> QuoteId {
        self.booked(t, country, (price, None), booked, slot).await
    }

    /// The same with a discount that somebody pays for; the price is what the patient pays.
    pub async fn booked(
        &self,
        t: &TestApp,
        country: &str,
        offer: (&str, Option<(&str, QuoteDiscountFunding)>),
        booked: &str,
        slot: &str,
    ) -> QuoteId {
        let (quote, actor) = self.accepted(t, country, offer, booked, slot).await;
        payments::seed::pay_in_full(&t.app, &actor, quote).await.unwrap();
        quote
    }

    /// An offer that was accepted and not paid yet, with its patient.
    pub async fn accepted(
        &self,
        t: &TestApp,
        country: &str,
        (price, discount): (&str, Option<(&str, QuoteDiscountFunding)>),
        booked: &str,
        slot: &str,
    ) -> (QuoteId, Actor) {
        t.at(&format!("{booked}T10:00:00Z"));
        let mut person = PatientSpec::new(&t.app, "Jane", "Doe");
        person.country = country.to_owned();
        person.email = format!("{slot}.{price}@patient.example");
        let patient = identity::seed::patient(&t.app, person).await.unwrap().id;
        let inquiry = self.inquiry(t, patient, slot).await;
        let quote = self.quote(t, inquiry, Money::new(amount(price), Currency::EUR), discount, slot).await;
        self.lead(t, quote).await;
        let actor = actors::patient(patient);
        let ask = Ask { version: 1, expected_total: Money::new(amount(price), Currency::EUR), terms: true };
        quoting::service::accept::accept(&t.app, &actor, quote, ask).await.unwrap();
        (quote, actor)
    }

    /// The same, treated on the day of its appointment.
    pub async fn treated(&self, t: &TestApp, country: &str, price: &str, booked: &str, slot: &str) -> QuoteId {
        let quote = self.paid(t, country, price, booked, slot).await;
        self.treat(t, quote, &format!("{slot}T14:00:00Z")).await;
        quote
    }

    /// Treats a booking: the treatment ends at an instant.
    pub async fn treat(&self, t: &TestApp, quote: QuoteId, ended: &str) {
        t.at(ended);
        let system = Actor::system();
        platform::write_txn!(t.app.db, |txn| {
            let held = case::lock(txn, quote).await?;
            case::start_treatment(txn, &t.app, &system, &held).await?;
            let held = case::lock(txn, quote).await?;
            case::complete_treatment(txn, &t.app, &system, &held).await
        })
        .unwrap();
        payments::service::treated::treated(&t.app, quote).await.unwrap();
    }

    async fn inquiry(&self, t: &TestApp, patient: PatientId, slot: &str) -> InquiryId {
        let (id, now) = (InquiryId::new(), t.now());
        inquiries::ActiveModel {
            id: Set(id),
            patient_id: Set(patient),
            problem: Set(InquiryProblem::HairTransplant),
            scan_url: Set(format!("inquiries/{id}/scan")),
            treatment_schedule: Set(json!([{ "start": slot, "end": slot }])),
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
        &self,
        t: &TestApp,
        inquiry: InquiryId,
        price: Money,
        discount: Option<(&str, QuoteDiscountFunding)>,
        slot: &str,
    ) -> QuoteId {
        let (id, now) = (QuoteId::new(), t.now());
        let off = discount.map_or(Amount::ZERO, |(sum, _)| amount(sum));
        quotes::ActiveModel {
            id: Set(id),
            inquiry_id: Set(inquiry),
            provider_id: Set(self.provider),
            treatment_id: Set(self.treatment),
            treatment_date: Set(json!([{ "date": slot, "price": price.amount }])),
            commission: Set(20),
            quote_amount: Set(price.amount),
            currency: Set(price.currency),
            status: Set(QuoteStatus::Quote),
            expires_at: Set(Some(now + chrono::Duration::days(10))),
            expiration_hours: Set(400),
            auto_accepted: Set(false),
            appointment_pre_scheduled: Set(true),
            version: Set(1),
            treatment_amount: Set(price.amount + off),
            packages_amount: Set(Amount::ZERO),
            extras_amount: Set(Amount::ZERO),
            fees_amount: Set(Amount::ZERO),
            discount_amount: Set(off),
            discount_funding: Set(discount.map(|(_, funding)| funding)),
            commission_amount: Set(Amount::ZERO),
            appointment_slot_at: Set(Some(at(&format!("{slot}T06:00:00Z")))),
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

    async fn lead(&self, t: &TestApp, quote: QuoteId) {
        let now = t.now();
        quote_clinicians::ActiveModel {
            id: Set(QuoteClinicianId::new()),
            quote_id: Set(quote),
            provider_user_id: Set(self.owner),
            case_role: Set(CaseRole::Lead),
            display_name: Set("Ayse Yilmaz".into()),
            active_key: Set(Some(quoting::store::lead_key(quote))),
            assigned_by_type: Set(QuoteClinicianAssignedByType::ProviderUser),
            assigned_by_id: Set(self.owner.any()),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        }
        .insert(t.conn())
        .await
        .unwrap();
    }

    /// The owner gives an account.
    pub async fn give(&self, t: &TestApp, typed: &Typed) {
        let owner = self.keeper(t).await;
        account::replace(&t.app, &owner, typed).await.unwrap();
    }

    /// The statements of the clinic, the oldest first.
    pub async fn bills(&self, t: &TestApp) -> Vec<bills::Model> {
        finance::seed::bills_of(&t.app, self.provider).await.unwrap()
    }

    /// The newest statement.
    pub async fn newest(&self, t: &TestApp) -> bills::Model {
        self.bills(t).await.pop().unwrap()
    }

    pub async fn bill(&self, t: &TestApp, id: ProviderBillId) -> bills::Model {
        bills::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap()
    }

    /// Builds on a day at three, and answers the newest statement.
    pub async fn build(&self, t: &TestApp, day: &str) -> bills::Model {
        t.at(&format!("{day}T03:00:00Z"));
        build::build_due(&t.app).await.unwrap();
        self.newest(t).await
    }

    /// Staff approve a statement as it is now.
    pub async fn approve(&self, t: &TestApp, id: ProviderBillId) {
        let chief = self.chief(t).await;
        let version = self.bill(t, id).await.version;
        decide::approve(&t.app, &chief, id, version, None).await.unwrap();
    }

    /// The payout run of a day at six.
    pub async fn payout(&self, t: &TestApp, day: &str) {
        t.at(&format!("{day}T06:00:00Z"));
        pay::payout_day(&t.app).await.unwrap();
    }

    /// Builds, approves and pays.
    pub async fn settle(&self, t: &TestApp, built: &str, payout: &str) -> bills::Model {
        let row = self.build(t, built).await;
        self.approve(t, row.id).await;
        self.payout(t, payout).await;
        let row = self.bill(t, row.id).await;
        assert_eq!(row.status, Status::Paid, "{row:?}");
        row
    }

    pub async fn lines(&self, t: &TestApp, bill: ProviderBillId) -> Vec<items::Model> {
        let mine = items::Entity::find().filter(items::Column::BillId.eq(bill));
        mine.order_by_asc(items::Column::Id).all(t.conn()).await.unwrap()
    }

    /// The ledger of a statement, as `account currency debit/credit`.
    pub async fn ledger(&self, t: &TestApp, bill: ProviderBillId) -> Vec<String> {
        // Whatever was paid: the ledger holds what bookings and statements say.
        let mut report = payments::service::verify::bookings(&t.app, |_| {}).await.unwrap();
        finance::service::verify::statements(&t.app, &mut report).await.unwrap();
        assert!(report.is_ok(), "{:#?}", report.faults);
        let mine = ledger_entries::Entity::find().filter(ledger_entries::Column::BillId.eq(bill));
        let rows = mine.order_by_asc(ledger_entries::Column::Id).all(t.conn()).await.unwrap();
        rows.iter().map(|l| format!("{:?} {} {}/{}", l.account, l.currency, l.debit, l.credit)).collect()
    }

    /// What the books say clinics are owed, in a currency.
    pub async fn payable(&self, t: &TestApp, currency: Currency) -> Amount {
        let all = ledger_entries::Entity::find()
            .filter(ledger_entries::Column::Account.eq(ledger_entries::LedgerEntryAccount::ProviderPayable))
            .filter(ledger_entries::Column::Currency.eq(currency));
        let rows = all.all(t.conn()).await.unwrap();
        rows.iter().map(|row| row.credit - row.debit).sum()
    }

    /// Gives a part of a booking's money back, and lets the gateway do it.
    pub async fn refund(&self, t: &TestApp, quote: QuoteId, sum: &str) {
        let body = json!({
            "refund": { "amount": sum, "currency": "EUR" },
            "reason": "The result was not what the clinic had promised.",
            "override_policy": true,
            "confirm_amount": sum,
        });
        self.desk(t).await.post(&format!("/admin/bookings/{quote}/refund"), body).await.assert_status(201);
        t.run_jobs(&registry()).await;
    }
}
