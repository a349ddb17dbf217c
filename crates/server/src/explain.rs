//! How the database answers what people look at: the plan of every statement behind the lists and details of requests,
//! quotes and clinics, how many statements each needs, and how long it takes.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::header::LOCATION;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use axum::{Extension, Router};
use http_body_util::BodyExt;
use inquiry::entity::{inquiries, inquiry_providers};
use kernel::ids::{InquiryId, PatientId, ProviderId, ProviderUserId, QuoteId, UserId};
use kernel::{Actor, ActorKind, AppError, AppResult, Guard};
use platform::App;
use platform::db::record_statements;
use platform::web::CsrfToken;
use quoting::entity::quotes;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement};
use tower::ServiceExt;

use crate::demo::cast::actor;

/// A table of fewer rows may be read whole.
const SMALL: u64 = 10_000;
/// As many statements as a list or detail may need.
pub const MOST_STATEMENTS: usize = 8;

/// What was looked at, and what came of it.
#[derive(Clone, Debug)]
pub struct Looked {
    /// Who looked.
    pub who: &'static str,
    /// At what.
    pub path: String,
    /// Statements of a warm request.
    pub statements: usize,
    /// The middle of the times it took.
    pub p50: Duration,
    /// Large tables read without an index, with the statement.
    pub scans: Vec<String>,
}

impl Looked {
    /// Whether it keeps the bounds.
    pub fn is_fine(&self) -> bool {
        self.scans.is_empty() && self.statements <= MOST_STATEMENTS
    }
}

/// Ids that exist, so that details have something to show.
struct Samples {
    patient: PatientId,
    provider: ProviderId,
    member: ProviderUserId,
    staff: UserId,
    inquiry: InquiryId,
    quotes: Vec<QuoteId>,
    own_inquiry: InquiryId,
    own_quote: QuoteId,
}

async fn samples(app: &App) -> AppResult<Samples> {
    let conn = app.db.conn();
    let nothing = || AppError::conflict("nothing_there", "Seed data first: `hairline db seed --scale`.");
    // A request with live quotes from the middle of the newest ones.
    let (inquiry, patient): (InquiryId, PatientId) = inquiries::Entity::find()
        .select_only()
        .columns([inquiries::Column::Id, inquiries::Column::PatientId])
        .filter(inquiries::Column::Status.eq(inquiries::InquiryStatus::Quote))
        .order_by_desc(inquiries::Column::Id)
        .into_tuple()
        .one(conn)
        .await?
        .ok_or_else(nothing)?;
    let offered: Vec<(QuoteId, ProviderId)> = quotes::Entity::find()
        .select_only()
        .columns([quotes::Column::Id, quotes::Column::ProviderId])
        .filter(quotes::Column::InquiryId.eq(inquiry))
        .into_tuple()
        .all(conn)
        .await?;
    let (own_quote, provider) = *offered.first().ok_or_else(nothing)?;
    let member: Option<ProviderUserId> = identity::entity::provider_users::Entity::find()
        .select_only()
        .column(identity::entity::provider_users::Column::Id)
        .filter(identity::entity::provider_users::Column::ProviderId.eq(provider))
        .into_tuple()
        .one(conn)
        .await?;
    let staff: Option<UserId> = identity::entity::users::Entity::find()
        .select_only()
        .column(identity::entity::users::Column::Id)
        .into_tuple()
        .one(conn)
        .await?;
    let own_inquiry: Option<InquiryId> = inquiry_providers::Entity::find()
        .select_only()
        .column(inquiry_providers::Column::InquiryId)
        .filter(inquiry_providers::Column::ProviderId.eq(provider))
        .into_tuple()
        .one(conn)
        .await?;
    Ok(Samples {
        patient,
        provider,
        member: member.ok_or_else(nothing)?,
        staff: staff.ok_or_else(nothing)?,
        inquiry,
        quotes: offered.into_iter().map(|(id, _)| id).take(3).collect(),
        own_inquiry: own_inquiry.ok_or_else(nothing)?,
        own_quote,
    })
}

/// Before the address of a page; others stand below `/api/v1`.
const PAGE: &str = "page ";

fn page(path: &str) -> String {
    format!("{PAGE}{path}")
}

/// Everything the area shows: who, and the address.
fn views(found: &Samples, clinic: &str) -> Vec<(&'static str, Actor, String)> {
    let patient = actor(ActorKind::Patient(found.patient), Guard::Patient, "patient");
    let provider = ActorKind::Provider { user: found.member, provider: found.provider };
    let owner = actor(provider, Guard::Provider, "provider_owner");
    let admin = actor(ActorKind::Admin(found.staff), Guard::Api, "super_admin");
    let (inquiry, quote) = (found.inquiry, found.own_quote);
    let compared: Vec<String> = found.quotes.iter().map(ToString::to_string).collect();
    let mut all = Vec::new();
    let mut add = |who, actor: &Actor, paths: &[String]| {
        all.extend(paths.iter().map(|path| (who, actor.clone(), path.clone())));
    };
    let s = str::to_owned;
    let provider = found.provider;
    let public = [
        "/providers",
        "/providers?q=clinic%2042",
        "/providers?sort=rating&filter[country]=TR",
        "/providers?sort=price",
        "/providers?page=100",
        "/treatments",
        "/destinations",
        "/starting-prices",
    ];
    add("anybody", &Actor::anonymous(), &public.map(s));
    add("anybody", &Actor::anonymous(), &["", "/media"].map(|part| format!("/providers/{provider}{part}")));
    add("anybody", &Actor::anonymous(), &["/clinics", "/destinations", "/treatments"].map(page));
    add("anybody", &Actor::anonymous(), &[page(clinic)]);
    add(
        "patient",
        &patient,
        &[
            s("/inquiries"),
            format!("/inquiries/{inquiry}"),
            format!("/inquiries/{inquiry}/timeline"),
            s("/quotes"),
            format!("/quotes?filter[inquiry_id]={inquiry}"),
            format!("/quotes/{quote}"),
            format!("/inquiries/{inquiry}/quotes/compare?ids={}", compared.join(",")),
            page(&format!("/patient/cases/{inquiry}")),
            page(&format!("/patient/cases/{inquiry}/quotes")),
            page(&format!("/patient/cases/{inquiry}/compare?ids={}", compared.join(","))),
            page(&format!("/patient/quotes/{quote}")),
            page(&format!("/patient/quotes/{quote}/accept")),
        ],
    );
    add(
        "clinic",
        &owner,
        &[
            s("/inquiries"),
            s("/inquiries?filter[status]=quote"),
            s("/inquiries?filter[country]=GB"),
            s("/inquiries?filter[alert_level]=critical"),
            s("/inquiries?page=10"),
            format!("/inquiries/{}", found.own_inquiry),
            format!("/inquiries/{inquiry}"),
            s("/quotes"),
            s("/quotes?filter[status]=quote"),
            format!("/quotes/{quote}"),
            format!("/quotes/{quote}/versions"),
            s("/provider/treatment-pricing"),
            s("/packages"),
            s("/inquiries?q=HPID-S0000042"),
            s("/inquiries?filter[age_from]=40&filter[age_to]=50"),
            page("/provider/inquiries"),
            page("/provider/inquiries?state=quoted"),
            page("/provider/quotes"),
            page(&format!("/provider/cases/{}", found.own_inquiry)),
            page(&format!("/provider/quotes/{quote}")),
        ],
    );
    add(
        "staff",
        &admin,
        &[
            s("/inquiries"),
            s("/inquiries?filter[status]=quote"),
            s("/inquiries?filter[country]=GB"),
            s("/inquiries?filter[provider_country]=TR"),
            s("/inquiries?filter[age_from]=40&filter[age_to]=50"),
            s("/inquiries?filter[submitted_from]=2026-01-01"),
            s("/inquiries?q=HPID"),
            s("/inquiries?q=HPID-S0000042"),
            s("/inquiries?page=50"),
            format!("/inquiries/{inquiry}"),
            s("/quotes"),
            s("/quotes?filter[status]=quote"),
            s("/quotes?sort=price"),
            s("/quotes?sort=-grafts"),
            s("/quotes?sort=expires_at"),
            format!("/quotes?filter[inquiry_id]={inquiry}"),
            format!("/quotes/{quote}"),
            s("/admin/acceptances"),
            s("/admin/cases"),
            s("/admin/cases?filter[status]=quote"),
            s("/admin/cases?q=HPID-S0000042"),
            s("/admin/cases?q=Doe"),
            s("/admin/withdrawals"),
            s("/admin/starting-prices"),
            s("/admin/regions"),
            s("/packages"),
            page("/admin/cases"),
            page("/admin/quotes"),
            page("/admin/acceptances"),
            page("/admin/withdrawals"),
            page(&format!("/admin/cases/{inquiry}")),
            page(&format!("/admin/quotes/{quote}")),
        ],
    );
    all
}

/// Looks at everything, `times` each, and hears of each as it is done.
///
/// Errors: 409 `nothing_there` in an empty database; a view that does not answer with 200.
pub async fn run(app: &App, times: usize, mut told: impl FnMut(&Looked)) -> AppResult<Vec<Looked>> {
    let found = samples(app).await?;
    let (router, _) = crate::api::routes().split_for_parts();
    let router: Router = Router::new()
        .nest("/api/v1", router)
        .merge(crate::pages::routes(app))
        .layer(Extension(CsrfToken("explain".to_owned())))
        .layer(Extension(crate::compose::work()))
        .with_state(app.clone());
    let large = large_tables(app, SMALL).await?;
    let mut all = Vec::new();
    let clinic = address_of(&router, found.provider).await?;
    for (who, actor, path) in views(&found, &clinic) {
        // Once for the caches that everybody shares.
        ask(&router, &actor, &path).await?;
        let (answer, statements) = record_statements(ask(&router, &actor, &path)).await;
        answer?;
        let mut took = Vec::new();
        for _ in 0..times.max(1) {
            let begun = Instant::now();
            ask(&router, &actor, &path).await?;
            took.push(begun.elapsed());
        }
        took.sort_unstable();
        let mut scans = Vec::new();
        for statement in &statements {
            scans.extend(scanned(app, statement, &large, SMALL).await?);
        }
        let looked = Looked {
            who,
            path,
            statements: statements.len(),
            p50: took.get(took.len() / 2).copied().unwrap_or_default(),
            scans,
        };
        told(&looked);
        all.push(looked);
    }
    Ok(all)
}

/// Where the public page of a clinic is: the short address leads there.
async fn address_of(router: &Router, clinic: ProviderId) -> AppResult<String> {
    let answer = answer(router, &Actor::anonymous(), &page(&format!("/clinics/{clinic}"))).await?;
    let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok());
    Ok(to.ok_or_else(|| AppError::internal("a clinic without a public page"))?.to_owned())
}

async fn answer(router: &Router, actor: &Actor, path: &str) -> AppResult<Response> {
    let address = match path.strip_prefix(PAGE) {
        Some(page) => page.to_owned(),
        None => format!("/api/v1{path}"),
    };
    let mut request = Request::get(address.replace('[', "%5B").replace(']', "%5D"))
        .body(Body::empty())
        .map_err(AppError::internal)?;
    request.extensions_mut().insert(actor.clone());
    let Ok(answer) = router.clone().oneshot(request).await;
    Ok(answer)
}

async fn ask(router: &Router, actor: &Actor, path: &str) -> AppResult<()> {
    let answer = answer(router, actor, path).await?;
    let status = answer.status();
    let body = answer.into_body().collect().await.map_err(AppError::internal)?.to_bytes();
    if status == StatusCode::OK {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&body).into_owned();
    Err(AppError::internal(std::io::Error::other(format!("{path} answers {status}: {text}"))))
}

/// Tables that must not be read whole.
async fn large_tables(app: &App, small: u64) -> AppResult<BTreeSet<String>> {
    let conn = app.db.conn();
    let names: Vec<String> = match app.db.backend() {
        DbBackend::MySql => {
            let sql = format!(
                "SELECT TABLE_NAME AS name FROM information_schema.TABLES \
                 WHERE TABLE_SCHEMA = DATABASE() AND TABLE_ROWS > {small}"
            );
            named(conn.query_all_raw(Statement::from_string(DbBackend::MySql, sql)).await?)?
        }
        backend => {
            let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
            let tables = named(conn.query_all_raw(Statement::from_string(backend, sql)).await?)?;
            let mut large = Vec::new();
            for table in tables {
                // Stops counting where it is clear.
                let sql = format!("SELECT COUNT(*) AS many FROM (SELECT 1 FROM \"{table}\" LIMIT {})", small + 1);
                let row = conn.query_one_raw(Statement::from_string(backend, sql)).await?;
                let many: i64 = row.map(|row| row.try_get("", "many")).transpose()?.unwrap_or_default();
                if u64::try_from(many).unwrap_or_default() > small {
                    large.push(table);
                }
            }
            large
        }
    };
    Ok(names.into_iter().collect())
}

fn named(rows: Vec<sea_orm::QueryResult>) -> AppResult<Vec<String>> {
    let names: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get("", "name")).collect();
    Ok(names?)
}

/// The tables of more than `small` rows that one statement reads whole.
pub async fn scans(app: &App, statement: &Statement, small: u64) -> AppResult<Vec<String>> {
    scanned(app, statement, &large_tables(app, small).await?, small).await
}

/// The large tables a statement reads whole, table or index. MariaDB is asked how many rows it really read, the others
/// what they are going to.
async fn scanned(app: &App, statement: &Statement, large: &BTreeSet<String>, small: u64) -> AppResult<Vec<String>> {
    let sql = statement.sql.trim_start();
    if !sql.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select")) {
        return Ok(Vec::new());
    }
    let backend = app.db.backend();
    let short: String = sql.chars().take(300).collect();
    let is_large = |name: &str| {
        large.contains(name) || large.iter().any(|table| sql.contains(table.as_str()) && is_alias(sql, table, name))
    };
    let verb = match backend {
        DbBackend::MySql if is_mariadb(app).await? => "ANALYZE",
        DbBackend::MySql => "EXPLAIN",
        _ => "EXPLAIN QUERY PLAN",
    };
    let explained =
        Statement { sql: format!("{verb} {}", statement.sql), values: statement.values.clone(), db_backend: backend };
    let mut found = Vec::new();
    for row in app.db.conn().query_all_raw(explained).await? {
        if backend == DbBackend::MySql {
            let (Some(table), Some(access)) = (word(&row, "table")?, word(&row, "type")?) else { continue };
            // What is sorted is read to its end, though only the first rows of it are counted as read.
            let extra = word(&row, "Extra")?.unwrap_or_default();
            let is_sorted = extra.contains("filesort") || extra.contains("temporary");
            let many = match number(&row, "r_rows")? {
                Some(read) if !is_sorted => Some(read),
                _ => number(&row, "rows")?,
            };
            let many = many.unwrap_or_default();
            if matches!(access.as_str(), "ALL" | "index") && many > small as f64 && is_large(&table) {
                let key = word(&row, "key")?.unwrap_or_else(|| "no index".to_owned());
                found.push(format!("{table} ({access} over {key}, {many} rows): {short}"));
            }
        } else {
            let detail: String = row.try_get("", "detail")?;
            if let Some(rest) = detail.strip_prefix("SCAN ") {
                let table = rest.split(' ').next().unwrap_or_default();
                // With a limit and without sorting, the reading ends early.
                let ends_early = sql.contains("LIMIT") && (detail.contains("USING INDEX") || !sql.contains("ORDER BY"));
                if is_large(table) && !ends_early {
                    found.push(format!("{detail}: {short}"));
                }
            }
        }
    }
    Ok(found)
}

async fn is_mariadb(app: &App) -> AppResult<bool> {
    let sql = "SELECT VERSION() AS version";
    let row = app.db.conn().query_one_raw(Statement::from_string(DbBackend::MySql, sql)).await?;
    let version: Option<String> = row.map(|row| row.try_get("", "version")).transpose()?;
    Ok(version.is_some_and(|version| version.contains("MariaDB")))
}

/// A column of a plan that may be empty.
fn word(row: &sea_orm::QueryResult, name: &str) -> AppResult<Option<String>> {
    Ok(row.try_get::<Option<String>>("", name)?)
}

/// A number of a plan: servers write it as text, as a whole number or as a broken one, or leave the column out.
fn number(row: &sea_orm::QueryResult, name: &str) -> AppResult<Option<f64>> {
    if !row.column_names().iter().any(|column| column == name) {
        return Ok(None);
    }
    if let Ok(text) = row.try_get::<Option<String>>("", name) {
        return Ok(text.and_then(|text| text.parse().ok()));
    }
    if let Ok(whole) = row.try_get::<Option<u64>>("", name) {
        return Ok(whole.map(|whole| whole as f64));
    }
    if let Ok(whole) = row.try_get::<Option<i64>>("", name) {
        return Ok(whole.map(|whole| whole as f64));
    }
    Ok(row.try_get::<Option<f64>>("", name)?)
}

/// Whether a statement calls a table by another name.
fn is_alias(sql: &str, table: &str, alias: &str) -> bool {
    ["`", "\""].iter().any(|q| sql.contains(&format!("{q}{table}{q} AS {q}{alias}{q}")))
}

#[cfg(test)]
mod tests {
    use super::is_alias;

    #[test]
    fn other_names_of_tables_are_known() {
        assert!(is_alias("SELECT 1 FROM `quotes` AS `newer`", "quotes", "newer"));
        assert!(!is_alias("SELECT 1 FROM `quotes` AS `newer`", "quotes", "older"));
    }
}
