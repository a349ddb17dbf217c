//! One patient's request at several clinics, each with the same catalogue.

use catalogue::entity::packages::PackageCategory;
use chrono::NaiveDate;
use directory::seed::{Clinic, ClinicSpec};
use identity::seed::PatientSpec;
use inquiry::seed::InquirySpec;
use kernel::ids::{InquiryId, PackageId, PatientId, ProviderId, QuoteId, TreatmentId};
use kernel::{Actor, Amount, Currency, DateRange, Money};
use platform::jobs::Registry;
use quoting::entity::quotes::{self, QuoteStatus, QuoteStatusReason};
use quoting::entity::{schedule_occupancies, schedules};
use quoting::seed::QuoteSpec;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use testkit::{Client, TestApp, actors};

pub struct World {
    pub patient: PatientId,
    pub inquiry: InquiryId,
    pub treatment: TreatmentId,
    pub clinics: Vec<Clinic>,
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn gbp(text: &str) -> Money {
    Money::new(text.parse().unwrap(), Currency::GBP)
}

/// Clinics by base price, price per graft and commission; the patient may come in May and June.
pub async fn world(t: &TestApp, prices: &[(&str, &str)]) -> World {
    let app = &t.app;
    identity::install(app).await.unwrap();
    directory::install(app).await.unwrap();
    catalogue::install(app).await.unwrap();
    inquiry::install(app).await.unwrap();
    catalogue::seed::fx_rates(app).await.unwrap();
    let mut clinics = Vec::new();
    for (index, _) in prices.iter().enumerate() {
        let mut spec = ClinicSpec::new(&format!("Clinic {}", ["A", "B", "C", "D", "E"][index]));
        spec.commission_percent = Some(20);
        clinics.push(directory::seed::clinic(app, spec).await.unwrap());
    }
    let treatment = catalogue::seed::treatments(app, clinics[0].legal_owner).await.unwrap()[0].id;
    for (clinic, (base, per_graft)) in clinics.iter().zip(prices) {
        let per_graft: Amount = per_graft.parse().unwrap();
        catalogue::seed::price(app, clinic.id(), treatment, gbp(base), per_graft).await.unwrap();
    }
    let patient = identity::seed::patient(app, PatientSpec::new(app, "John", "Doe")).await.unwrap().id;
    let inquiry = request(t, patient, &clinics).await;
    World { patient, inquiry, treatment, clinics }
}

/// Another patient's request to the same clinics.
pub async fn request(t: &TestApp, patient: PatientId, clinics: &[Clinic]) -> InquiryId {
    let ids: Vec<ProviderId> = clinics.iter().map(Clinic::id).collect();
    let pictures = (1..=5).map(|seed| testkit::jpeg(640, 640, seed)).collect();
    let ranges = [("2026-05-04", "2026-05-15"), ("2026-06-01", "2026-06-20")]
        .map(|(start, end)| DateRange::new(day(start), day(end)).unwrap());
    let spec = InquirySpec::new(&["TR"], &ids, pictures).on(&ranges);
    inquiry::seed::inquiry(&t.app, patient, spec).await.unwrap()
}

impl World {
    pub fn owner(&self, clinic: usize) -> Actor {
        actors::clinic_owner(self.clinics[clinic].owner, self.clinics[clinic].id())
    }

    pub fn patient_client(&self, t: &TestApp) -> Client {
        t.client(quoting::routes()).as_actor(actors::patient(self.patient))
    }

    pub fn clinic_client(&self, t: &TestApp, clinic: usize) -> Client {
        t.client(quoting::routes()).as_actor(self.owner(clinic))
    }

    pub fn spec(&self, clinic: usize, grafts: i32) -> QuoteSpec {
        QuoteSpec::new(self.treatment, grafts, self.clinics[clinic].owner, day("2026-05-12"))
    }

    /// A sent quote.
    pub async fn sent(&self, t: &TestApp, clinic: usize, grafts: i32) -> QuoteId {
        let spec = self.spec(clinic, grafts);
        quoting::seed::draft_and_submit(&t.app, &self.owner(clinic), self.inquiry, &spec).await.unwrap()
    }

    pub async fn package(&self, t: &TestApp, clinic: usize, name: &str, price: Money) -> PackageId {
        let provider = self.clinics[clinic].id();
        catalogue::seed::package(&t.app, provider, name, PackageCategory::Custom, price).await.unwrap().id
    }
}

pub fn registry() -> Registry {
    Registry { subscriptions: vec![], kinds: quoting::jobs(), schedules: quoting::schedules() }
}

/// Every schedule of the wing once, whenever it ran last, and the jobs that are due.
pub async fn tick(t: &TestApp) {
    for schedule in quoting::schedules() {
        (schedule.run)(&t.app).await.unwrap();
    }
    t.run_jobs(&registry()).await;
}

pub async fn quote(t: &TestApp, id: QuoteId) -> quotes::Model {
    quotes::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap()
}

pub async fn state(t: &TestApp, id: QuoteId) -> (QuoteStatus, Option<QuoteStatusReason>) {
    let row = quote(t, id).await;
    (row.status, row.status_reason)
}

pub async fn accept_body(t: &TestApp, id: QuoteId) -> Value {
    let row = quote(t, id).await;
    json!({
        "version": row.version, "terms": true,
        "expected_total": { "amount": row.quote_amount, "currency": row.currency },
    })
}

pub async fn schedules_of(t: &TestApp, id: QuoteId) -> Vec<schedules::Model> {
    schedules::Entity::find()
        .filter(schedules::Column::QuoteId.eq(id))
        .order_by_asc(schedules::Column::Id)
        .all(t.conn())
        .await
        .unwrap()
}

pub async fn cells(t: &TestApp) -> u64 {
    schedule_occupancies::Entity::find().count(t.conn()).await.unwrap()
}

/// Words of the timeline, oldest first.
pub async fn timeline(t: &TestApp, inquiry: InquiryId) -> Vec<String> {
    use inquiry::entity::workflow_timelines::{Column, Entity};
    let rows =
        Entity::find().filter(Column::InquiryId.eq(inquiry)).order_by_asc(Column::Id).all(t.conn()).await.unwrap();
    rows.into_iter().map(|row| row.event).collect()
}

pub async fn events(t: &TestApp, key: &str) -> usize {
    platform::outbox::recorded(t.conn(), Some(key)).await.unwrap().len()
}

pub async fn stage(t: &TestApp, world: &World) -> (inquiry::entity::inquiries::InquiryStatus, Option<QuoteId>) {
    use inquiry::entity::inquiries::Entity;
    let row = Entity::find_by_id(world.inquiry).one(t.conn()).await.unwrap().unwrap();
    let person = identity::entity::patients::Entity::find_by_id(world.patient).one(t.conn()).await.unwrap().unwrap();
    // The patient's status is the stage's mirror after every step.
    assert_eq!(serde_json::to_value(person.status).unwrap(), serde_json::to_value(row.status).unwrap());
    (row.status, row.accepted_quote_id)
}
