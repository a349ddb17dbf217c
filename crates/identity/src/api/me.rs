//! The caller's own account over HTTP.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use kernel::ids::DiscoveryQuestionId;
use kernel::{AppError, FieldErrors, Guard};
use platform::App;
use platform::web::{ApiResult, Json, Lang, ProblemDocument, Who};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::consents::{Given, PatientConsentAction, PatientConsentChannel, PatientConsentType};
use crate::entity::patients::PatientGender;
use crate::service::consents::{self, ConsentView};
use crate::service::profile::{self, Me, ProfileChange};
use crate::service::staff_profile::{self, StaffChange};

/// Shows the caller, of whatever guard.
#[utoipa::path(get, path = "/me", tag = "identity", operation_id = "show_me", security(("bearer" = ["account"])),
    responses((status = 200, body = Me), (status = 401, body = ProblemDocument)))]
pub async fn show_me(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<Me>> {
    Ok(Json(profile::show_me(&app, &actor).await?))
}

/// What people may change about themselves; what is absent stays. Staff have names, phone and, in clinics, a title;
/// affiliates a phone; the rest belongs to patients.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[schema(example = json!({ "first_name": "Mark", "phone_number": "+447700900123" }))]
pub struct ProfileBody {
    /// First name.
    #[schema(example = "Elif")]
    pub first_name: Option<String>,
    /// Last name.
    #[schema(example = "Demir")]
    pub last_name: Option<String>,
    /// `Dr.`, `Prof.`: clinic staff only.
    #[schema(example = "Dr.")]
    pub title: Option<String>,
    /// Login name beside the address, 3 to 30 of `a-z0-9._-`: patients only.
    #[schema(example = "elif.demir")]
    pub username: Option<String>,
    /// Gender.
    pub gender: Option<PatientGender>,
    /// Birthday.
    pub birthday: Option<NaiveDate>,
    /// E.164.
    pub phone_number: Option<String>,
    /// Home country, ISO 3166-1.
    pub country_code: Option<String>,
    /// City.
    pub location: Option<String>,
    /// The answer to "how did you hear of us".
    pub registration_source_id: Option<DiscoveryQuestionId>,
    /// Members that no patient may set are refused, others ignored.
    #[serde(flatten)]
    #[schema(ignore)]
    pub other: Map<String, Value>,
}

impl ProfileBody {
    fn refuse_what_patients_have(&self) -> Result<(), AppError> {
        let mut errors = FieldErrors::new();
        for (field, given) in [
            ("username", self.username.is_some()),
            ("gender", self.gender.is_some()),
            ("birthday", self.birthday.is_some()),
            ("country_code", self.country_code.is_some()),
            ("location", self.location.is_some()),
            ("registration_source_id", self.registration_source_id.is_some()),
        ] {
            if given {
                errors.add(field, "field_not_writable", "This cannot be set here.");
            }
        }
        errors.check()
    }
}

/// Completes or changes the caller's profile.
#[utoipa::path(patch, path = "/me", tag = "identity", operation_id = "edit_me", security(("bearer" = ["account"])), request_body = ProfileBody,
    responses((status = 200, body = Me), (status = 422, body = ProblemDocument)))]
pub async fn edit_me(State(app): State<App>, Who(actor): Who, Json(body): Json<ProfileBody>) -> ApiResult<Json<Me>> {
    profile::refuse_protected(&body.other)?;
    if matches!(actor.guard(), Some(Guard::Provider | Guard::Api | Guard::Affiliate)) {
        body.refuse_what_patients_have()?;
        let change = StaffChange {
            first_name: body.first_name,
            last_name: body.last_name,
            title: body.title,
            phone_number: body.phone_number,
        };
        return Ok(Json(staff_profile::edit(&app, &actor, change).await?));
    }
    if body.title.is_some() {
        return Err(AppError::field("title", "field_not_writable", "This cannot be set here.").into());
    }
    let change = ProfileChange {
        first_name: body.first_name,
        last_name: body.last_name,
        username: body.username,
        gender: body.gender,
        birthday: body.birthday,
        phone_number: body.phone_number,
        country_code: body.country_code,
        location: body.location,
        registration_source_id: body.registration_source_id,
    };
    Ok(Json(profile::edit_me(&app, &actor, change).await?))
}

/// Lists what the caller may do now.
#[utoipa::path(get, path = "/me/permissions", tag = "identity", operation_id = "show_permissions", security(("bearer" = ["account"])),
    responses((status = 200, body = Vec<String>), (status = 401, body = ProblemDocument)))]
pub async fn show_permissions(Who(actor): Who) -> ApiResult<Json<Vec<String>>> {
    if !actor.is_signed_in() {
        return Err(AppError::unauthenticated().into());
    }
    Ok(Json(actor.permissions().map(|permission| permission.name().to_owned()).collect()))
}

/// Lists the patient's consents.
#[utoipa::path(get, path = "/me/consents", tag = "identity", operation_id = "list_consents",
    responses((status = 200, body = Vec<ConsentView>), (status = 403, body = ProblemDocument)))]
pub async fn list_consents(State(app): State<App>, Who(actor): Who) -> ApiResult<Json<Vec<ConsentView>>> {
    Ok(Json(consents::list(&app, &actor).await?))
}

/// The patient's word on one kind of consent.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ConsentBody {
    /// The kind.
    pub consent_type: PatientConsentType,
    /// Granted or withdrawn.
    pub action: PatientConsentAction,
    /// Where it is given; web when absent.
    pub channel: Option<PatientConsentChannel>,
}

/// Grants or withdraws a consent.
#[utoipa::path(post, path = "/me/consents", tag = "identity", operation_id = "change_consent",
    request_body = ConsentBody, responses((status = 200, body = Vec<ConsentView>), (status = 409, body = ProblemDocument)))]
pub async fn change_consent(
    State(app): State<App>,
    Who(actor): Who,
    Lang(locale): Lang,
    Json(body): Json<ConsentBody>,
) -> ApiResult<(StatusCode, Json<Vec<ConsentView>>)> {
    // Staff may not speak for a patient over this route.
    let channel = body.channel.filter(|channel| *channel != PatientConsentChannel::AdminAssisted);
    let given = Given { locale, channel: channel.unwrap_or(PatientConsentChannel::Web) };
    consents::change(&app, &actor, body.consent_type, body.action, given).await?;
    Ok((StatusCode::OK, Json(consents::list(&app, &actor).await?)))
}
