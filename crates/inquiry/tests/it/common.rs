//! A small world: clinics, a patient, pictures.

use axum::Extension;
use catalogue::questionnaire::QuestionnaireSet;
use directory::entity::providers::{self, ProviderOnboardingStage, ProviderStatus};
use identity::entity::patients;
use identity::seed::PatientSpec;
use inquiry::seed::InquirySpec;
use kernel::Currency;
use kernel::ids::{
    InquiryId, LocationPreferenceCountryId, LocationPreferenceId, LocationStartingPriceId, PatientId, ProviderId,
    ProviderUserId,
};
use platform::db::count_statements;
use platform::jobs::Registry;
use platform::web::CsrfToken;
use sea_orm::{ActiveModelTrait, EntityTrait, QueryOrder, Set};
use testkit::{Client, Reply, TestApp, Upload, actors};

/// The morning of GS-5.
pub const MORNING: &str = "2026-03-02T10:00:00Z";

/// Reference data and the time of the golden scenarios.
pub async fn prepare(t: &TestApp) {
    t.at(MORNING);
    catalogue::install(&t.app).await.unwrap();
    inquiry::install(&t.app).await.unwrap();
}

/// What a worker knows of this wing.
pub fn registry() -> Registry {
    Registry { subscriptions: inquiry::subscriptions(), kinds: Vec::new(), schedules: inquiry::schedules() }
}

/// A live, accepting clinic.
pub async fn clinic(t: &TestApp, name: &str, country: &str) -> ProviderId {
    rated_clinic(t, name, country, false, 0, 0).await
}

/// A live, accepting clinic with ratings (sum and count).
pub async fn rated_clinic(t: &TestApp, name: &str, country: &str, featured: bool, sum: i32, count: i32) -> ProviderId {
    let now = t.now();
    let row = providers::ActiveModel {
        id: Set(ProviderId::new()),
        provider_name: Set(name.to_owned()),
        email: Set(format!("{}@clinics.example", name.to_lowercase())),
        city: Set("City".to_owned()),
        country: Set(country.to_owned()),
        country_code: Set(Some(country.to_owned())),
        status: Set(ProviderStatus::Active),
        onboarding_stage: Set(ProviderOnboardingStage::Live),
        is_featured: Set(featured),
        rating_sum: Set(sum),
        rating_count: Set(count),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    };
    row.insert(t.conn()).await.unwrap().id
}

/// Changes a clinic's row.
pub async fn change_clinic(t: &TestApp, id: ProviderId, change: impl FnOnce(&mut providers::ActiveModel)) {
    let mut row: providers::ActiveModel =
        providers::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap().into();
    change(&mut row);
    row.update(t.conn()).await.unwrap();
}

/// An eligible patient with consents.
pub async fn patient(t: &TestApp, first: &str, last: &str) -> patients::Model {
    identity::seed::patient(&t.app, PatientSpec::new(&t.app, first, last)).await.unwrap()
}

/// Five sharp pictures.
pub fn pictures() -> Vec<Vec<u8>> {
    (1..=5).map(|seed| testkit::jpeg(640, 640, seed)).collect()
}

pub async fn active_set(t: &TestApp) -> QuestionnaireSet {
    catalogue::questionnaire::require_active(t.conn()).await.unwrap()
}

/// A distributed inquiry of a new patient to one Turkish clinic, with yes to these questions.
pub struct Filed {
    pub patient: patients::Model,
    pub provider: ProviderId,
    pub inquiry: InquiryId,
    pub owner: ProviderUserId,
}

impl Filed {
    pub async fn new(t: &TestApp, yes: &[&str]) -> Self {
        prepare(t).await;
        let provider = clinic(t, "Bosphorus", "TR").await;
        let patient = patient(t, "John", "Doe").await;
        let spec = InquirySpec::new(&["TR"], &[provider], pictures()).answering_yes(yes);
        let inquiry = inquiry::seed::inquiry(&t.app, patient.id, spec).await.unwrap();
        let spec = identity::seed::MemberSpec::new("provider_owner", "Olga", "Owner", "olga@clinics.example");
        let owner = identity::seed::clinic_user(&t.app, provider, spec).await.unwrap();
        Self { patient, provider, inquiry, owner }
    }

    pub fn as_patient(&self, t: &TestApp) -> Client {
        t.client(inquiry::routes()).as_actor(actors::patient(self.patient.id))
    }

    pub fn as_clinic(&self, t: &TestApp) -> Client {
        t.client(inquiry::routes()).as_actor(actors::clinic_owner(self.owner, self.provider))
    }

    pub fn path(&self, rest: &str) -> String {
        format!("/inquiries/{}{rest}", self.inquiry)
    }
}

/// The words of a case's timeline in order.
pub async fn timeline(t: &TestApp, inquiry: InquiryId) -> Vec<String> {
    use inquiry::entity::workflow_timelines as rows;
    let all = rows::Entity::find().order_by_asc(rows::Column::Id).all(t.conn()).await.unwrap();
    all.into_iter().filter(|row| row.inquiry_id == inquiry).map(|row| row.event).collect()
}

/// The keys of all events in order.
pub async fn events(t: &TestApp) -> Vec<String> {
    let all = platform::outbox::recorded(t.conn(), None).await.unwrap();
    all.into_iter().map(|event| event.event_key).collect()
}

/// A "from" price of a whole country.
pub async fn starting_price(t: &TestApp, code: &str, amount: &str, currency: Currency) {
    use catalogue::entity::location_starting_prices as prices;
    let all = platform::entity::countries::Entity::find().all(t.conn()).await.unwrap();
    let name = all.into_iter().find(|country| country.iso_code == code).unwrap().name;
    let row = prices::ActiveModel {
        id: Set(LocationStartingPriceId::new()),
        country_name: Set(Some(name)),
        starting_price: Set(amount.parse().unwrap()),
        currency: Set(currency),
        is_fallback: Set(false),
        created_at: Set(t.now()),
        updated_at: Set(t.now()),
        ..Default::default()
    };
    row.insert(t.conn()).await.unwrap();
}

/// A region for patients of one country.
pub async fn region(t: &TestApp, audience: &str, destinations: &[&str], shown: i32) {
    use catalogue::entity::location_preferences::{self as lists, LocationPreferenceStatus, LocationPreferenceType};
    use catalogue::entity::location_preferences_countries::{self as listed, LocationPreferenceCountryRole as Role};
    let list = lists::ActiveModel {
        id: Set(LocationPreferenceId::new()),
        preference_type: Set(LocationPreferenceType::Region),
        name: Set(Some("Near".to_owned())),
        status: Set(LocationPreferenceStatus::Active),
        max_shown: Set(shown),
        version: Set(1),
        created_at: Set(t.now()),
        updated_at: Set(t.now()),
        ..Default::default()
    };
    let list = list.insert(t.conn()).await.unwrap().id;
    let places = destinations.iter().map(|code| (*code, Role::Destination)).chain([(audience, Role::Audience)]);
    for ((code, role), position) in places.zip(1..) {
        let row = listed::ActiveModel {
            id: Set(LocationPreferenceCountryId::new()),
            location_preference_id: Set(list),
            country_code: Set(code.to_owned()),
            role: Set(role),
            position: Set(position),
            created_at: Set(t.now()),
            updated_at: Set(t.now()),
            ..Default::default()
        };
        row.insert(t.conn()).await.unwrap();
    }
}

/// The pages of the wing as a patient's browser sees them.
pub struct Browser {
    pub client: Client,
    pub csrf: String,
}

impl Browser {
    pub fn of(t: &TestApp, patient: PatientId) -> Self {
        let token = CsrfToken("browser".to_owned());
        let csrf = token.field(&t.app);
        let client = t.client(inquiry::pages().layer(Extension(token))).as_actor(actors::patient(patient));
        Self { client, csrf }
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = vec![("_csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.client.form(path, &all).await
    }

    pub async fn upload(&self, path: &str, file: Upload) -> Reply {
        self.client.multipart(path, &[("_csrf", &self.csrf)], &[file]).await
    }

    /// The page's text; at most seven statements, so that with the session's there are eight.
    pub async fn text(&self, path: &str) -> String {
        let (page, statements) = count_statements(self.client.get(path)).await;
        assert!(statements <= 7, "{path} needs {statements} statements");
        page.assert_status(200).text()
    }
}

/// The value of a hidden field of a page.
#[track_caller]
pub fn hidden(page: &str, name: &str) -> String {
    let rest = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap().1;
    rest.split('"').next().unwrap().to_owned()
}

/// Where a form leads on.
#[track_caller]
pub fn location(reply: Reply) -> String {
    reply.assert_status(303).headers.get("location").unwrap().to_str().unwrap().to_owned()
}
