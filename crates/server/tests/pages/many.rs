//! Lists of the API with what the demonstration has of everything, and with fifty times as much: the statements of an
//! answer do not grow with its rows, and are eight at most.

use std::collections::{BTreeMap, BTreeSet};

use axum::Router;
use identity::auth::Carrier;
use identity::service::sessions::{self, Holder};
use kernel::ids::AnyId;
use kernel::{Actor, Guard};
use platform::App;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};
use serde_json::Value;
use testkit::{Client, TestApp};

use super::demonstration;

/// What an answer may ask of the database.
const MOST_STATEMENTS: u64 = 8;
/// Copies of every row.
const COPIES: u32 = 50;
/// Rows of a table that are copied while what they belong to stays.
const ALONE: u32 = 2;

/// Tables of the house itself: their rows are not about anybody's case.
const HOUSE: &[&str] = &[
    "audit_logs",
    "counters",
    "demo_registry",
    "document_counters",
    "idempotency_keys",
    "jobs",
    "migrations",
    "outbox_deliveries",
    "outbox_events",
    "job_schedules",
    "signing_keys",
    "system_settings",
    // Its codes are those of languages there are.
    "languages",
];

/// Tables whose rows everybody's case shares: a copy of a case belongs to the same clinic and treatment.
fn is_shared(table: &str) -> bool {
    let shared = [
        "affiliates",
        "app_",
        "banking_",
        "countries",
        "discounts",
        "fx_",
        "gateway_accounts",
        "languages",
        "legal_documents",
        "location",
        "oauth_",
        "package",
        "permissions",
        "provider",
        "questionnaire",
        "regions",
        "role",
        "treatments",
        "users",
        "model_has",
        "auth_",
        "account_states",
        "aftercare_workflows",
        "aftercare_milestone_templates",
        "set_commissions",
    ];
    HOUSE.contains(&table) || shared.iter().any(|start| table.starts_with(start))
}

async fn texts(conn: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = conn.query_all_raw(Statement::from_string(conn.get_database_backend(), sql)).await.unwrap();
    rows.iter().filter_map(|row| row.try_get_by_index::<Option<String>>(0).unwrap()).collect()
}

/// A table with what a copy of its rows must differ in.
struct Table {
    name: String,
    columns: Vec<(String, String)>,
    /// The columns of each unique index.
    unique: Vec<Vec<String>>,
}

impl Table {
    async fn load(conn: &DatabaseConnection, name: &str) -> Self {
        let sql = format!("SELECT name || ' ' || type FROM pragma_table_xinfo('{name}') WHERE hidden = 0");
        let columns = texts(conn, &sql).await;
        let split = |text: &String| text.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_lowercase())).unwrap();
        let mut unique = Vec::new();
        for index in texts(conn, &format!("SELECT name FROM pragma_index_list('{name}') WHERE \"unique\" = 1")).await {
            unique.push(texts(conn, &format!("SELECT name FROM pragma_index_info('{index}')")).await);
        }
        Self { name: name.to_owned(), columns: columns.iter().map(split).collect(), unique }
    }

    fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|(name, _)| name == column)
    }

    fn is_id(&self, column: &str) -> bool {
        self.columns.iter().any(|(name, kind)| name == column && kind.contains("char(36)"))
    }

    /// The column of an index whose values mean least: a number, a day, else a text of somebody's own.
    fn most_free<'a>(&self, index: &'a [String]) -> Option<&'a String> {
        let rank = |column: &&String| {
            let kind = self.columns.iter().find(|(name, _)| name == *column).map_or("", |(_, kind)| kind.as_str());
            let own =
                ["code", "reference", "key", "slug", "email", "name", "number", "transfer", "transaction", "event"];
            match kind {
                kind if kind.contains("int") => 0,
                kind if kind == "date" || kind.starts_with("date_") => 1,
                _ if own.iter().any(|part| column.contains(part)) => 2,
                _ if column.as_str() == "currency" || column.contains("type") || column.contains("status") => 4,
                _ => 3,
            }
        };
        let is_free = |column: &&String| !self.is_id(column) && !column.starts_with("is_");
        index.iter().filter(is_free).min_by_key(rank)
    }

    /// Copies rows: ids that are copied, too, become those of the copies; what must be unique changes with the copy's number.
    async fn copy(&self, conn: &DatabaseConnection, copied: &BTreeSet<String>, rows: &str) {
        let moves = |column: &String| self.is_id(column) && (column == "id" || copied.len() > 1);
        let must_vary: BTreeSet<&String> = self
            .unique
            .iter()
            .filter(|index| !index.iter().any(moves))
            .filter_map(|index| self.most_free(index))
            .collect();
        let value = |(name, kind): &(String, String)| {
            let column = format!("\"{}\".\"{name}\"", self.name);
            if moves(name) {
                return format!("COALESCE((SELECT new FROM copied WHERE old = {column} AND n = k.n), {column})");
            }
            match must_vary.contains(name) {
                false => column,
                true if kind == "smallint" => format!("{column} + 100 * k.n"),
                true if kind.contains("int") => format!("{column} + 1000 * k.n"),
                true if kind == "date" || kind.starts_with("date_") => format!("DATE({column}, '+' || k.n || ' days')"),
                true => format!("{column} || '-' || k.n"),
            }
        };
        let names: Vec<String> = self.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let values: Vec<String> = self.columns.iter().map(value).collect();
        let sql = format!(
            "WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < {COPIES}) \
             INSERT OR IGNORE INTO \"{0}\" ({1}) SELECT {2} FROM (SELECT * FROM \"{0}\" {rows}) AS \"{0}\", k",
            self.name,
            names.join(", "),
            values.join(", "),
        );
        if let Err(error) = conn.execute_unprepared(&sql).await {
            panic!("{}: {error}", self.name);
        }
    }
}

/// Writes down the ids the copies of these rows get.
async fn name_copies(conn: &DatabaseConnection, table: &str, rows: &str) {
    let id = "lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-7' || substr(hex(randomblob(2)), 2) || '-8' || \
              substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)))";
    let sql = format!(
        "WITH RECURSIVE k(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < {COPIES}) \
         INSERT OR IGNORE INTO copied SELECT rows.id, k.n, {id} FROM (SELECT id FROM \"{table}\" {rows}) AS rows, k"
    );
    conn.execute_unprepared(&sql).await.unwrap();
}

/// Fifty copies of everybody's case, then fifty of some rows of every table, whatever they belong to.
async fn multiply(t: &TestApp) {
    let mut options = ConnectOptions::new(t.app.config.database.url.expose());
    options.max_connections(1);
    let conn = Database::connect(options).await.unwrap();
    // Copies point to rows that may not be copied, because something of them is unique.
    conn.execute_unprepared("PRAGMA foreign_keys = OFF").await.unwrap();
    conn.execute_unprepared("CREATE TEMP TABLE copied (old TEXT, n INTEGER, new TEXT, PRIMARY KEY (old, n))")
        .await
        .unwrap();
    let names = texts(&conn, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'").await;
    let mut tables = Vec::new();
    for name in names.iter().filter(|name| !HOUSE.contains(&name.as_str())) {
        let table = Table::load(&conn, name).await;
        if table.has("id") && table.is_id("id") {
            tables.push(table);
        }
    }
    let cases: Vec<&Table> = tables.iter().filter(|table| !is_shared(&table.name)).collect();
    let copied: BTreeSet<String> = cases.iter().map(|table| table.name.clone()).collect();
    conn.execute_unprepared("BEGIN").await.unwrap();
    for table in &cases {
        name_copies(&conn, &table.name, "").await;
    }
    for table in &cases {
        table.copy(&conn, &copied, "").await;
    }
    for table in &tables {
        conn.execute_unprepared("DELETE FROM copied").await.unwrap();
        let rows = format!("ORDER BY id DESC LIMIT {ALONE}");
        name_copies(&conn, &table.name, &rows).await;
        table.copy(&conn, &BTreeSet::from([table.name.clone()]), &rows).await;
    }
    conn.execute_unprepared("COMMIT").await.unwrap();
    conn.close().await.unwrap();
}

async fn signed_in(t: &TestApp, client: &Client, guard: Guard, id: AnyId) -> Client {
    let policy = sessions::policy_of(&t.app, guard).await.unwrap();
    let nobody = Actor::anonymous();
    let tokens = platform::write_txn!(t.app.db, |txn| {
        sessions::open(txn, &t.app, &nobody, Holder { guard, id }, (policy, Carrier::Bearer), true, None).await
    });
    client.header("authorization", &format!("Bearer {}", tokens.unwrap().access_token))
}

async fn one(t: &TestApp, sql: &str) -> AnyId {
    let row = t.conn().query_one_raw(Statement::from_string(t.app.db.backend(), sql)).await.unwrap().unwrap();
    row.try_get_by_index::<String>(0).unwrap().parse().unwrap()
}

/// The paths of lists: of everything, and of what belongs to one of another list.
fn lists() -> Vec<String> {
    let document = serde_json::to_value(server::openapi()).unwrap();
    let paged = |item: &&Value| {
        let shape = &item["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        shape.to_string().contains("Page")
    };
    let paths = document["paths"].as_object().unwrap().iter().filter(|(_, item)| paged(item));
    paths.map(|(path, _)| path.clone()).filter(|path| path.matches('{').count() <= 1).collect()
}

/// The path with the id of the first entry of the list it stands below.
async fn filled(client: &Client, path: &str) -> Option<String> {
    let Some((list, rest)) = path.split_once("/{") else { return Some(path.to_owned()) };
    let rest = rest.split_once('}')?.1;
    let found = client.get(&format!("/api/v1{list}")).await;
    let first = found.json["data"].as_array()?.first()?;
    Some(format!("{list}/{}{rest}", first["id"].as_str()?))
}

async fn counted(client: &Client, path: &str) -> Option<(usize, u64)> {
    let whole = format!("/api/v1{path}{}per_page=100", if path.contains('?') { "&" } else { "?" });
    // Warm caches and the minute's note of activity are not the list's.
    client.get(&whole).await;
    let (reply, statements) = platform::db::count_statements(client.get(&whole)).await;
    if !reply.status.is_success() {
        println!("{whole}: {} {}", reply.status, reply.text());
        return None;
    }
    Some((reply.json["data"].as_array()?.len(), statements))
}

#[tokio::test]
async fn an_answer_asks_as_often_for_fifty_rows_as_for_five() {
    let (t, logins, _kept) = demonstration::begin().await;
    let router: Router<App> = server::router(&t.app).with_state(());
    let http = t.client(router);
    let owner = one(
        &t,
        &format!(
            "SELECT m.provider_user_id FROM provider_team_members m JOIN providers p ON p.id = m.provider_id \
         WHERE m.is_owner = 1 AND p.provider_name = '{}'",
            logins.clinic.1
        ),
    )
    .await;
    let chief = one(&t, "SELECT id FROM users WHERE email = 'admin@hairline.example'").await;
    let patient =
        one(&t, "SELECT i.patient_id FROM inquiries i JOIN reviews r ON r.patient_id = i.patient_id LIMIT 1").await;
    let partner = one(&t, "SELECT id FROM affiliates LIMIT 1").await;
    let readers = [
        ("clinic", signed_in(&t, &http, Guard::Provider, owner).await),
        ("admin", signed_in(&t, &http, Guard::Api, chief).await),
        ("patient", signed_in(&t, &http, Guard::Patient, patient).await),
        ("affiliate", signed_in(&t, &http, Guard::Affiliate, partner).await),
    ];
    let mut few = BTreeMap::new();
    for (who, client) in &readers {
        for path in lists() {
            let Some(path) = filled(client, &path).await else { continue };
            if let Some(found) = counted(client, &path).await {
                few.insert((*who, path), found);
            }
        }
    }
    multiply(&t).await;
    let (mut faults, mut grown, mut same) = (Vec::new(), BTreeSet::new(), Vec::new());
    for ((who, path), (rows_before, before)) in &few {
        let client = &readers.iter().find(|(name, _)| name == who).unwrap().1;
        let Some((rows, after)) = counted(client, path).await else {
            faults.push(format!("{who} {path} answers no more"));
            continue;
        };
        // An empty list does not ask for what belongs to its rows.
        let more = *rows_before > 0 && after > *before;
        if after > MOST_STATEMENTS || more {
            faults.push(format!("{who} {path}: {before} statements for {rows_before} rows, {after} for {rows}"));
        }
        if rows >= 50 {
            grown.insert(path.split('/').filter(|part| part.len() != 36).collect::<Vec<_>>().join("/"));
        } else {
            same.push(format!("{who} {path}: {rows_before}, then {rows}"));
        }
    }
    println!("{} lists grew: {grown:#?}; others: {same:#?}", grown.len());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(grown.len() >= 25, "only {} lists grew to 50 rows: {grown:#?}\n{same:#?}", grown.len());
}
