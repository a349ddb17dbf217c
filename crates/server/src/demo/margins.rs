//! What stands beside the stories: staff who may not enter, a role of one's own, patients who were shut out, asked for
//! their data or were erased, partners who bring patients (R-MG-96).
//!
//! Done as staff do it, a day before the anchor, and noted, so that it happens once.

use chrono::Duration;
use identity::entity::legal_holds::LegalHoldHoldableType;
use identity::entity::patients;
use identity::seed::proven;
use identity::service::interventions::{self, Term};
use identity::service::invitations::{self, Invite};
use identity::service::roles::{self, RoleText};
use identity::service::staff::change;
use kernel::ids::{AffiliateId, PatientId};
use kernel::{Actor, Amount, AppError, AppResult, Guard, Permission};
use platform::App;
use platform::entity::failed_jobs;
use platform::locale::Locale;
use privacy::service::holds::{self, NewHold};
use promotions::entity::affiliates::{AffiliateCommissionType, AffiliateType};
use promotions::partners::{self, NewAffiliate};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::json;

use super::cast::colleague;
use super::people::person;
use super::plots::{Ending, Plot, Scale, plots};
use super::story::{Stage, work};
use super::{bought, clock, ledger, rows};

/// The role somebody made in this house.
const ROLE: &str = "Clinic relations";

/// Where what was done here is noted.
const DONE: &str = "demo_margins";

/// Who brings patients: name, company, address, kind, percent of the commission, whether the account was opened.
pub(super) const PARTNERS: [(&str, &str, &str, AffiliateType, i32, bool); 3] = [
    ("Ada Kılıç", "Ada Travels", "ada@partners.example", AffiliateType::Organization, 12, true),
    ("Theo Marsh", "Second Look", "theo@partners.example", AffiliateType::Influencer, 8, true),
    ("Lena Hartwig", "Haarforum", "lena@partners.example", AffiliateType::Other, 10, false),
];

/// Does what is missing.
pub async fn fill(stage: &Stage<'_>) -> AppResult<()> {
    let app = clock::at(stage.app, stage.anchor - Duration::days(1));
    let admin = proven(&app, &stage.cast.admin).await?;
    once(stage, "staff", staff(stage, &app, &admin)).await?;
    once(stage, "partners", partners(stage, &app, &admin)).await?;
    once(stage, "journeys", rows::journeys(stage, &app)).await?;
    once(stage, "licences", rows::licences(stage, &app)).await?;
    once(stage, "marks", rows::marks(stage, &app)).await?;
    once(stage, "threads", rows::threads(stage, &app)).await?;
    once(stage, "requests", bought::requests(stage, &app, &admin)).await?;
    once(stage, "filters", rows::filters(stage, &app)).await?;
    once(stage, "codes", rows::codes(stage, &app)).await?;
    // A sample has one person of each kind, who is needed as they are.
    if stage.scale != Scale::Sample {
        once(stage, "patients", unusual(stage, &app, &admin)).await?;
    }
    Ok(())
}

/// Runs a part unless it is noted.
async fn once(stage: &Stage<'_>, part: &str, doing: impl Future<Output = AppResult<()>>) -> AppResult<()> {
    if ledger::find(stage.app, DONE, part).await?.is_some() {
        return Ok(());
    }
    Box::pin(doing).await?;
    work(&clock::at(stage.app, stage.anchor - Duration::hours(23)), stage.work).await?;
    ledger::note(stage.app, DONE, part, Some(part)).await
}

async fn staff(stage: &Stage<'_>, app: &App, admin: &Actor) -> AppResult<()> {
    let wanted = [Permission::ViewProvider, Permission::ViewInquiry, Permission::ViewQuote, Permission::ViewReview];
    let text = RoleText {
        name: Some(ROLE.to_owned()),
        description: Some("Looks after the clinics: reads their cases and reviews, changes nothing.".to_owned()),
    };
    let names = wanted.map(|permission| permission.name().to_owned());
    let known = roles::of_guard(app, admin, Guard::Api).await?;
    if !known.iter().any(|role| role.name == ROLE) {
        roles::create(app, admin, text, (&names, true)).await?;
    }
    colleague(app, &stage.cast.password, (ROLE, "Clara", "Vogt", "relations@hairline.example")).await?;
    let former =
        colleague(app, &stage.cast.password, ("support_staff", "Piet", "Aalders", "support2@hairline.example")).await?;
    let why = "On leave until the autumn; the account rests meanwhile.";
    change::suspend(app, admin, former, (why, None)).await?;
    let invite = Invite {
        email: "nadia.reyes@hairline.example".to_owned(),
        first_name: "Nadia".to_owned(),
        last_name: "Reyes".to_owned(),
        role: "aftercare_specialist".to_owned(),
        message: Some("Welcome to the aftercare team, we start on Monday.".to_owned()),
        for_provider_user_id: None,
    };
    match invitations::staff::invite(app, admin, invite, Locale::En).await {
        Err(error) if error.code == "already_invited" => Ok(()),
        other => other.map(drop),
    }
}

async fn partners(stage: &Stage<'_>, app: &App, admin: &Actor) -> AppResult<()> {
    for (name, company, email, kind, percent, is_open) in PARTNERS {
        let new = NewAffiliate {
            name: name.to_owned(),
            email: email.to_owned(),
            company: Some(company.to_owned()),
            contact_person: None,
            phone_number: None,
            kind,
            commission_kind: AffiliateCommissionType::Percentage,
            commission_value: Amount::from_units(percent),
            confirm_high: false,
        };
        if ledger::find(app, "affiliates", email).await?.is_some() {
            continue;
        }
        let id = partners::invite(app, admin, &new, Locale::En).await?;
        if is_open {
            identity::seed::open_affiliate(app, id, &stage.cast.password).await?;
        }
        ledger::note(app, "affiliates", id, Some(email)).await?;
        // A mail that never went out: somebody has to look at it.
        bury(app, id, email).await?;
    }
    Ok(())
}

/// A mail job that was given up after its last attempt.
async fn bury(app: &App, partner: AffiliateId, email: &str) -> AppResult<()> {
    let payload = json!({
        "job_type": identity::MAIL_ACTIVATION, "queue": "default", "dedupe_key": null,
        "payload": { "affiliate_id": partner, "locale": Locale::En.code() }
    });
    let row = failed_jobs::ActiveModel {
        uuid: Set(kernel::ids::JobId::new().to_string()),
        connection: Set("database".to_owned()),
        queue: Set("default".to_owned()),
        payload: Set(payload.to_string()),
        exception: Set(format!(
            "the mail server answers 451 4.7.1 for {}: try again later",
            email.split('@').next_back().unwrap_or_default()
        )),
        failed_at: Set(app.now()),
        ..Default::default()
    };
    failed_jobs::Entity::insert(row).exec_without_returning(app.db.conn()).await?;
    Ok(())
}

/// The patient of a story, where the scale tells it.
pub(super) async fn of_story(stage: &Stage<'_>, ending: Ending, repeat: usize) -> AppResult<Option<PatientId>> {
    let is_it = |plot: &Plot| plot.ending == ending && plot.repeat == repeat;
    let Some(plot) = plots(stage.scale).into_iter().find(is_it) else { return Ok(None) };
    let Some(who) = person(plot.number, stage.anchor.date_naive()) else { return Ok(None) };
    let known = patients::Entity::find().filter(patients::Column::Email.eq(who.email));
    Ok(known.one(stage.app.db.conn()).await?.map(|row| row.id))
}

async fn unusual(stage: &Stage<'_>, app: &App, admin: &Actor) -> AppResult<()> {
    for (repeat, (term, why)) in (1..).zip([
        (Term::Days30, "Insulted the staff of two clinics in the chat."),
        (Term::Days90, "Sent pictures of somebody else for the second time."),
        (Term::Permanent, "Tried to pay with cards that were reported stolen."),
    ]) {
        if let Some(id) = of_story(stage, Ending::Declined, repeat).await? {
            ignoring("account_state", interventions::suspend(app, admin, id, term, why).await)?;
        }
    }
    if let Some(id) = of_story(stage, Ending::Reviewed, 2).await? {
        let hold = NewHold {
            holdable_type: LegalHoldHoldableType::Patient,
            holdable_id: id.any(),
            reference: "AZ 12 O 34/26".to_owned(),
            reason: "A court asks both sides to keep what they have.".to_owned(),
        };
        holds::place(app, admin, hold).await?;
    }
    if let Some(id) = of_story(stage, Ending::Reviewed, 1).await? {
        let why = "Asked by letter, with a certified copy of the passport.";
        ignoring("bundle_too_often", privacy::service::bundle::request_for(app, admin, id, why).await.map(drop))?;
    }
    for repeat in [2, 3] {
        if let Some(id) = of_story(stage, Ending::Unanswered, repeat).await? {
            privacy::seed::erase(app, admin, id).await?;
        }
    }
    Ok(())
}

/// A run that was cut short may have done this already.
fn ignoring(code: &str, outcome: Result<(), AppError>) -> AppResult<()> {
    outcome.or_else(|error| if error.code == code { Ok(()) } else { Err(error) })
}
