//! What stands behind the clinic's editor: which quote it opens, the price of what is typed, saving and sending.

use chrono::Duration;
use kernel::ids::{InquiryId, QuoteId, TreatmentId};
use kernel::{Actor, Amount, AppError, AppResult, DateRange, FieldErrors, Money, Permission};
use platform::App;
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, Select, SelectTwo,
};
use serde_json::Value;

use super::content::{self, Rows};
use super::draft::{self, Editor, Ready, require_own};
use super::input::QuoteInput;
use super::{pricing, submit};
use crate::desk::Options;
use crate::entity::quote_clinicians;
use crate::entity::quotes::{self, QuoteStatus};
use crate::queries::visible;
use crate::rules::content::{Content, Frame, check};
use crate::rules::price::Breakdown;
use crate::rules::slot;
use crate::{slots, store};

/// How long a draft counts as the one a form sent twice has made.
const SENT_TWICE: Duration = Duration::minutes(10);

/// A quote as the editor opens it.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Its row.
    pub quote: quotes::Model,
    /// What it says.
    pub content: Content,
    /// The rows beside it.
    pub rows: Rows,
}

/// The quote the editor opens for a case: the one asked for, else the clinic's newest draft, else none.
///
/// Errors: 404 for a quote of somebody else or of another case, 409 `quote_not_available` for one that has ended.
pub async fn open(app: &App, actor: &Actor, inquiry: InquiryId, wanted: Option<QuoteId>) -> AppResult<Option<Opened>> {
    actor.provider()?;
    actor.require(if wanted.is_some() { Permission::EditQuote } else { Permission::CreateQuote })?;
    let conn = app.db.conn();
    let query = visible(actor)?.filter(quotes::Column::InquiryId.eq(inquiry));
    let (quote, lead) = match wanted {
        Some(id) => {
            let found = with_lead(query.filter(quotes::Column::Id.eq(id))).one(conn).await?;
            let (quote, lead) = found.ok_or_else(AppError::not_found)?;
            let changeable = matches!(quote.status, QuoteStatus::Inquiry | QuoteStatus::Quote);
            if !changeable || quote.deleted_at.is_some() {
                return Err(AppError::conflict("quote_not_available", "This quote can no longer be changed."));
            }
            (quote, lead)
        }
        None => match with_lead(drafts(actor, inquiry)?).one(conn).await? {
            Some(found) => found,
            None => return Ok(None),
        },
    };
    let rows = content::rows_with(conn, quote.id, lead).await?;
    Ok(Some(Opened { content: content::content_of(&quote, &rows)?, quote, rows }))
}

/// The clinic's drafts of a case, newest first.
fn drafts(actor: &Actor, inquiry: InquiryId) -> AppResult<Select<quotes::Entity>> {
    Ok(visible(actor)?
        .filter(quotes::Column::InquiryId.eq(inquiry))
        .filter(quotes::Column::Status.eq(QuoteStatus::Inquiry))
        .filter(quotes::Column::DeletedAt.is_null())
        .order_by_desc(quotes::Column::Id))
}

/// Quotes with the clinician who leads now.
fn with_lead(quotes: Select<quotes::Entity>) -> SelectTwo<quotes::Entity, quote_clinicians::Entity> {
    let lead = quotes::Entity::belongs_to(quote_clinicians::Entity)
        .from(quotes::Column::Id)
        .to(quote_clinicians::Column::QuoteId)
        .on_condition(|_, lead| Expr::col((lead, quote_clinicians::Column::ActiveKey)).is_not_null().into_condition());
    quotes.join(JoinType::LeftJoin, lead.into()).select_also(quote_clinicians::Entity)
}

async fn newest_draft(
    conn: &impl ConnectionTrait,
    actor: &Actor,
    inquiry: InquiryId,
) -> AppResult<Option<quotes::Model>> {
    Ok(drafts(actor, inquiry)?.one(conn).await?)
}

/// The price of what is typed, with what the panel beside the editor says about it.
#[derive(Clone, Debug)]
pub struct Priced {
    /// The price; absent while there is nothing to compute it from.
    pub price: Option<Breakdown>,
    /// Why there is none although there are grafts.
    pub refusal: Option<std::sync::Arc<AppError>>,
    /// Whole percent.
    pub commission_percent: i32,
    /// The clinic's fixed part and its part per graft.
    pub list: (Amount, Amount),
    /// Grafts typed.
    pub grafts: Option<i32>,
    /// Whether the treatment costs what the price list says.
    pub by_list: bool,
    /// Each package with its price in the quote's currency.
    pub packages: Vec<(String, Money)>,
    /// The clinician has another appointment at that time.
    pub conflict: bool,
    /// What keeps it from being sent.
    pub missing: FieldErrors,
}

/// Computes the price of what is typed for a case the clinic received, without saving anything, from what its editor
/// has read already; mostly in one statement.
///
/// `opened` is the draft or offer being changed; its frozen prices stay. Errors: 404, 422 for what cannot be read.
pub async fn price(
    app: &App,
    actor: &Actor,
    ranges: &[DateRange],
    options: &Options,
    opened: Option<&Opened>,
    input: &QuoteInput,
) -> AppResult<Priced> {
    let (_, provider) = actor.provider()?;
    actor.require(if opened.is_some() { Permission::EditQuote } else { Permission::CreateQuote })?;
    let conn = app.db.conn();
    let (clinic, people) = (&options.known.clinic, &options.known.people);
    let known = opened.map(|opened| &opened.quote);
    let treatment = chosen(input, known)?;
    let sent = known.filter(|quote| quote.status != QuoteStatus::Inquiry && quote.treatment_id == treatment);
    let offered = options.known.offers.iter().find(|(_, offered)| offered.id == treatment).cloned();
    let editor = match (sent, offered) {
        (Some(quote), Some((prices, treatment))) => {
            Editor::of_sent(conn, app, clinic, quote, (treatment, prices)).await?
        }
        (Some(quote), None) => Editor::reopen(conn, app, clinic, quote).await?,
        (None, Some((prices, treatment))) => Editor::of_offered(conn, app, clinic, treatment, prices).await?,
        (None, None) => Editor::open(conn, app, clinic, treatment).await?,
    };
    let editor = match known {
        Some(quote) => editor.over(conn, quote).await?,
        None => editor,
    };
    let (rows, mut content) = match opened {
        Some(opened) => (opened.rows.clone(), opened.content.clone()),
        None => (Rows::default(), draft::empty(treatment)),
    };
    let ready = editor.read_among(conn, input, &mut content, &rows, people).await?;
    let frame = Frame {
        ranges: ranges.to_vec(),
        today: slot::clinic_date(app.now(), editor.zone),
        min_grafts: editor.prices.min_grafts,
        max_grafts: editor.prices.max_grafts,
    };
    let conflict = match (content.slot, content.clinician) {
        (Some(slot), Some(lead)) => match slot.cells() {
            Ok(cells) => !slots::is_free(conn, (provider, lead), &cells, None).await?,
            Err(_) => false,
        },
        _ => false,
    };
    Ok(priced(&editor, &ready, &content, check(&content, &frame), conflict))
}

fn priced(editor: &Editor, ready: &Ready, content: &Content, missing: FieldErrors, conflict: bool) -> Priced {
    let discount = ready.discount.as_ref();
    let (price, refusal) =
        match pricing::breakdown(content, &editor.prices, &ready.packages, discount, editor.commission) {
            Ok(price) => (Some(price), None),
            Err(error) => (None, content.grafts.map(|_| std::sync::Arc::new(error))),
        };
    // Without grafts there is no treatment to charge for, whatever else is added.
    let price = price.filter(|_| content.grafts.is_some());
    let list = (editor.prices.base_price, editor.prices.price_per_graft);
    let by_list = content
        .grafts
        .and_then(|grafts| crate::rules::price::treatment_price(editor.prices.currency, list.0, list.1, grafts, None));
    let packages = price.iter().flat_map(|price| {
        ready.packages.iter().zip(&price.package_prices).map(|(package, (amount, _))| {
            let name = package.snapshot.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            (name, Money::new(*amount, price.currency))
        })
    });
    Priced {
        packages: packages.collect(),
        by_list: price.as_ref().is_some_and(|price| Some(price.treatment) == by_list),
        price,
        refusal,
        commission_percent: editor.commission.percent(),
        list,
        grafts: content.grafts,
        conflict,
        missing,
    }
}

fn chosen(input: &QuoteInput, known: Option<&quotes::Model>) -> AppResult<TreatmentId> {
    input
        .treatment_id
        .or(known.map(|quote| quote.treatment_id))
        .ok_or_else(|| AppError::field("treatment_id", "treatment_required", "Choose a treatment of your list."))
}

async fn own_of(
    conn: &impl ConnectionTrait,
    actor: &Actor,
    inquiry: InquiryId,
    id: QuoteId,
) -> AppResult<quotes::Model> {
    let quote = store::find(conn, id).await?;
    require_own(actor, &quote)?;
    if quote.inquiry_id != inquiry {
        return Err(AppError::not_found());
    }
    Ok(quote)
}

/// Saves what is typed: changes the quote it belongs to, else starts a draft.
///
/// A form without a quote that is sent twice changes the draft its first sending made. A draft of somebody else that
/// was started meanwhile is 409 `stale_version`. Other errors: those of [`draft::create`] and [`draft::edit`].
pub async fn save(
    app: &App,
    actor: &Actor,
    inquiry: InquiryId,
    quote: Option<QuoteId>,
    mut input: QuoteInput,
) -> AppResult<QuoteId> {
    let (user, _) = actor.provider()?;
    let conn = app.db.conn();
    if let Some(id) = quote {
        own_of(conn, actor, inquiry, id).await?;
        draft::edit(app, actor, id, input).await?;
        return Ok(id);
    }
    let Some(draft) = newest_draft(conn, actor, inquiry).await? else {
        return draft::create(app, actor, inquiry, input).await;
    };
    // What was written on since is the work of another window.
    let is_twice = draft.created_by_provider_user_id == Some(user)
        && draft.created_at > app.now() - SENT_TWICE
        && draft.version == 0;
    if !is_twice {
        return Err(AppError::stale_version());
    }
    input.version = Some(draft.version);
    draft::edit(app, actor, draft.id, input).await?;
    Ok(draft.id)
}

/// Sends a saved draft as it is now. The price was computed from what is saved, so there is none to compare.
pub async fn send(app: &App, actor: &Actor, id: QuoteId) -> AppResult<()> {
    actor.provider()?;
    let quote = store::find(app.db.conn(), id).await?;
    require_own(actor, &quote)?;
    submit::submit(app, actor, id, quote.version, None).await
}

/// Whether a quote the form held as a draft has been sent meanwhile.
pub async fn was_sent(app: &App, actor: &Actor, id: QuoteId) -> AppResult<bool> {
    let quote = store::find(app.db.conn(), id).await?;
    require_own(actor, &quote)?;
    Ok(quote.submitted_at.is_some())
}
