//! Every route of the API as those who may not: a stranger, an account of another guard, a role without any permission,
//! the owner of something else. There is no list of exceptions: a route that lets everybody in says so itself
//! (`security(())`), and one that belongs to the account that asks as well (`security(("bearer" = ["account"]))`).

use std::collections::{BTreeMap, BTreeSet};

use directory::seed::ClinicSpec;
use identity::auth::Carrier;
use identity::seed::{AdminSpec, Hashed, MemberSpec};
use identity::service::sessions::{self, Holder};
use kernel::ids::AnyId;
use kernel::{Actor, Guard};
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};
use testkit::{Client, Reply, TestApp, Upload, both};

use crate::steps::{self, EMAIL, PHONE};
use crate::tab::root;
use crate::world::World;

/// A documented operation.
struct Door {
    method: String,
    path: String,
    open: Open,
    body: Option<Json>,
    is_form: bool,
    query: String,
    /// The field of a form that takes a file.
    file: String,
    /// Parameters of the path that are numbers.
    numbers: BTreeSet<String>,
    /// Whether the path names something by its id.
    takes_ids: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// To everybody.
    Public,
    /// To any account, for what is its own.
    Account,
    /// To those with the right.
    Guarded,
}

fn doors() -> Vec<Door> {
    let document = serde_json::to_value(server::openapi()).unwrap();
    let mut out = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let content = &operation["requestBody"]["content"];
            let schema = content.as_object().and_then(|kinds| kinds.iter().next());
            out.push(Door {
                method: method.to_uppercase(),
                path: format!("/api/v1{path}"),
                open: open(&operation["security"]),
                is_form: schema.is_some_and(|(kind, _)| kind.starts_with("multipart")),
                body: schema.map(|(_, kind)| sample(&document, &kind["schema"], 0)),
                query: query(&document, &operation["parameters"]),
                file: file_field(&document, schema.map(|(_, kind)| &kind["schema"])),
                numbers: numbers(&operation["parameters"]),
                takes_ids: takes_ids(&document, &operation["parameters"]),
            });
        }
    }
    out
}

fn open(security: &Json) -> Open {
    let Some(ways) = security.as_array() else { return Open::Guarded };
    if ways.iter().any(|way| way.as_object().is_some_and(|way| way.is_empty())) || ways.is_empty() {
        return Open::Public;
    }
    let own = |way: &Json| way["bearer"].as_array().is_some_and(|scopes| scopes.contains(&json!("account")));
    if ways.iter().any(own) { Open::Account } else { Open::Guarded }
}

fn file_field(document: &Json, schema: Option<&Json>) -> String {
    let name = schema.and_then(|schema| schema["$ref"].as_str()).unwrap_or_default().trim_start_matches('#');
    let members = document.pointer(name).and_then(|whole| whole["properties"].as_object()).into_iter().flatten();
    let mut files = members.filter(|(_, part)| part["format"] == "binary").map(|(name, _)| name.clone());
    files.next().unwrap_or_else(|| "file".to_owned())
}

fn numbers(parameters: &Json) -> BTreeSet<String> {
    let all = parameters.as_array().into_iter().flatten();
    all.filter(|it| it["schema"]["type"] == "integer").filter_map(|it| it["name"].as_str()).map(str::to_owned).collect()
}

fn takes_ids(document: &Json, parameters: &Json) -> bool {
    let in_path = parameters.as_array().into_iter().flatten().filter(|it| it["in"] == "path");
    let pointers = in_path.filter_map(|it| it["schema"]["$ref"].as_str());
    pointers.filter_map(|name| document.pointer(name.trim_start_matches('#'))).any(|kind| kind["format"] == "uuid")
}

fn query(document: &Json, parameters: &Json) -> String {
    let required =
        parameters.as_array().into_iter().flatten().filter(|it| it["in"] == "query" && it["required"] == true);
    let pair = |it: &Json| {
        let value = it.get("example").cloned().unwrap_or_else(|| sample(document, &it["schema"], 0));
        format!(
            "{}={}",
            it["name"].as_str().unwrap(),
            value.as_str().map_or_else(|| value.to_string(), str::to_owned).replace(' ', "%20")
        )
    };
    let pairs: Vec<String> = required.map(pair).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// A value that fits a schema, as far as a schema can tell.
fn sample(document: &Json, schema: &Json, depth: usize) -> Json {
    if let Some(example) = schema.get("example").filter(|example| !example.is_null()) {
        return example.clone();
    }
    if let Some(name) = schema["$ref"].as_str() {
        let pointer = name.trim_start_matches('#');
        return sample(document, document.pointer(pointer).unwrap_or(&Json::Null), depth + 1);
    }
    for many in ["oneOf", "anyOf"] {
        let ways = schema[many].as_array().into_iter().flatten();
        if let Some(first) = ways.into_iter().find(|way| way["type"] != "null") {
            return sample(document, first, depth + 1);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let mut whole = serde_json::Map::new();
        for part in parts {
            if let Json::Object(members) = sample(document, part, depth + 1) {
                whole.extend(members);
            }
        }
        return Json::Object(whole);
    }
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    let kind = match &schema["type"] {
        Json::Array(kinds) => {
            kinds.iter().find_map(|kind| kind.as_str().filter(|kind| *kind != "null")).unwrap_or("string")
        }
        kind => kind.as_str().unwrap_or("object"),
    };
    match kind {
        "string" => json!(match schema["format"].as_str() {
            Some("uuid") => AnyId::new().to_string(),
            Some("date") => "2026-06-01".to_owned(),
            Some("date-time") => "2026-06-01T10:00:00Z".to_owned(),
            _ => "A sentence that is long enough.".to_owned(),
        }),
        "integer" | "number" => json!(schema["minimum"].as_i64().unwrap_or(1).max(1)),
        "boolean" => json!(false),
        "array" => json!([sample(document, &schema["items"], depth + 1)]),
        _ => {
            let required: BTreeSet<&str> =
                schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
            let members = schema["properties"].as_object().into_iter().flatten();
            let wanted = members
                .filter(|(name, part)| depth < 8 && (required.contains(name.as_str()) || !part["example"].is_null()));
            // Money is written alike everywhere.
            let value = |name: &str, part: &Json| match name {
                "amount" => json!("100.00"),
                "currency" => json!("GBP"),
                _ => sample(document, part, depth + 1),
            };
            Json::Object(wanted.map(|(name, part)| (name.clone(), value(name, part))).collect())
        }
    }
}

async fn knock(client: &Client, door: &Door, path: &str) -> Reply {
    let path = format!("{path}{}", door.query);
    if door.is_form {
        let members = door.body.as_ref().and_then(Json::as_object).into_iter().flatten();
        let fields: Vec<(&str, &str)> = members
            .filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)))
            .filter(|(name, _)| *name != door.file)
            .collect();
        let picture = Upload::jpeg(testkit::jpeg(300, 300, 1)).in_field(&door.file);
        if door.method == "PUT" {
            return client.put_multipart(&path, &[picture]).await;
        }
        return client.multipart(&path, &fields, &[picture]).await;
    }
    match (door.method.as_str(), &door.body) {
        ("GET", _) => client.get(&path).await,
        ("DELETE", None) => client.delete(&path).await,
        (method, body) => client.send_json(method, &path, body.clone().unwrap_or_else(|| json!({}))).await,
    }
}

/// The path with its parameters filled.
fn filled(door: &Door, with: &str) -> String {
    let guards = door.path.replace("{g}", "patient");
    let mut out = String::new();
    let mut rest = guards.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let (name, behind) = after.split_once('}').unwrap();
        out.push_str(if door.numbers.contains(name) { "1" } else { with });
        rest = behind;
    }
    out + rest
}

fn is_shut(reply: &Reply) -> bool {
    matches!(reply.status.as_u16(), 401 | 403 | 404)
}

fn fault(who: &str, door: &Door, path: &str, reply: &Reply) -> String {
    let text: String = match &reply.json["errors"] {
        Json::Null => reply.text().chars().take(160).collect(),
        errors => errors.to_string(),
    };
    format!("{who}: {} {path} answers {}: {text}", door.method, reply.status.as_u16())
}

/// A client of an account that just signed in.
pub async fn session(world: &World, guard: Guard, id: AnyId) -> Client {
    let policy = sessions::policy_of(&world.t.app, guard).await.unwrap();
    let nobody = Actor::anonymous();
    let tokens = platform::write_txn!(world.t.app.db, |txn| {
        let how = (policy, Carrier::Bearer);
        sessions::open(txn, &world.t.app, &nobody, Holder { guard, id }, how, true, None).await
    });
    world.with_token(&tokens.unwrap().access_token)
}

/// Accounts whose role grants nothing, of both kinds of staff.
async fn powerless(world: &World) -> (Client, Client) {
    let (member, admin) = powerless_accounts(world).await;
    (session(world, Guard::Provider, member).await, session(world, Guard::Api, admin).await)
}

/// A member of a clinic and one of Hairline's staff whose role grants nothing.
pub async fn powerless_accounts(world: &World) -> (AnyId, AnyId) {
    for guard in ["api", "provider"] {
        let statement = format!("INSERT INTO roles (name, guard_name) VALUES ('nothing', '{guard}')");
        world.t.conn().execute_unprepared(&statement).await.unwrap();
    }
    let spec = MemberSpec {
        password: Hashed::unusable(),
        ..MemberSpec::new("nothing", "Nil", "Member", "nil@clinic.example")
    };
    let member = identity::seed::clinic_user(&world.t.app, world.clinics[0].id(), spec).await.unwrap();
    let spec = AdminSpec { role: "nothing".to_owned(), ..AdminSpec::super_admin("nil@hairline.example") };
    let admin = identity::seed::admin(&world.t.app, spec).await.unwrap();
    (member.any(), admin.any())
}

/// Ids anywhere in an answer.
fn collect(json: &Json, ids: &mut BTreeSet<String>) {
    match json {
        Json::String(text) if text.len() == 36 && text.matches('-').count() == 4 => drop(ids.insert(text.clone())),
        Json::Array(items) => items.iter().for_each(|item| collect(item, ids)),
        Json::Object(members) => members.values().for_each(|member| collect(member, ids)),
        _ => {}
    }
}

#[test]
fn every_operation_can_be_asked() {
    let doors = doors();
    assert!(doors.len() > 130, "{}", doors.len());
    let count = |open: Open| doors.iter().filter(|door| door.open == open).count();
    assert!(count(Open::Public) < 40 && count(Open::Account) < 40, "{} {}", count(Open::Public), count(Open::Account));
}

both! {
    async fn r_id_44_nobody_comes_in_where_they_may_not(t: TestApp) {
        let world = World::new(t).await;
        let (member, admin) = powerless(&world).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let affiliate = session(&world, Guard::Affiliate, world.affiliate().await.any()).await;
        let owner = session(&world, Guard::Provider, world.clinics[0].clinic.owner.any()).await;
        let chief = session(&world, Guard::Api, root(&world).await.any()).await;
        let mut faults = Vec::new();
        let nowhere = AnyId::new().to_string();
        for door in doors().iter().filter(|door| door.open != Open::Public) {
            let path = filled(door, &nowhere);
            let reply = knock(&world.http, door, &path).await;
            if !is_shut(&reply) {
                faults.push(fault("stranger", door, &path, &reply));
            }
            let mut others: BTreeMap<&str, &Client> = BTreeMap::new();
            if door.open == Open::Guarded {
                others.insert("clinic without rights", &member);
                others.insert("staff without rights", &admin);
            }
            let (for_clinics, for_staff) =
                (door.path.starts_with("/api/v1/provider/"), door.path.starts_with("/api/v1/admin/"));
            if for_clinics || for_staff {
                others.insert("patient", &patient);
                others.insert("affiliate", &affiliate);
            }
            if for_staff {
                others.insert("owner of a clinic", &owner);
            }
            if for_clinics {
                others.insert("super admin", &chief);
            }
            for (who, client) in others {
                let reply = knock(client, door, &path).await;
                if !is_shut(&reply) {
                    faults.push(fault(who, door, &path, &reply));
                }
            }
        }
        assert!(faults.is_empty(), "{} doors stand open:\n{}", faults.len(), faults.join("\n"));
    }

    async fn r_id_45_nobody_touches_what_is_somebody_elses(t: TestApp) {
        let world = World::new(t).await;
        let patient = steps::register(&world, "John", "Doe", EMAIL, PHONE).await;
        let inquiry = steps::file_inquiry(&world, &patient).await;
        let clinic = world.clinic(0).await;
        clinic.post(&format!("/api/v1/inquiries/{inquiry}/acknowledge-alert"), json!({})).await.assert_status(200);
        let quote = steps::quote(&world, &clinic, &inquiry, 0, 3000).await;
        let mut ids = BTreeSet::from([inquiry.clone(), quote.clone()]);
        let invited = json!({ "email": "new@clinic.example", "first_name": "Elif", "last_name": "Demir", "role": "provider_clinical" });
        collect(&clinic.post("/api/v1/provider/invitations", invited).await.assert_status(201).json, &mut ids);
        let seen = [
            (&clinic, "/api/v1/provider/team".to_owned()),
            (&clinic, format!("/api/v1/quotes/{quote}")),
            (&patient, format!("/api/v1/inquiries/{inquiry}")),
            (&patient, "/api/v1/conversations".to_owned()),
            (&patient, "/api/v1/notifications".to_owned()),
        ];
        for (who, path) in seen {
            collect(&who.get(&path).await.assert_status(200).json, &mut ids);
        }
        // What everybody may read belongs to nobody: the clinic itself, treatments, countries.
        let mut shared = BTreeSet::new();
        for path in ["/api/v1/providers", "/api/v1/treatments", "/api/v1/countries", "/api/v1/destinations"] {
            collect(&world.http.get(path).await.json, &mut shared);
        }
        for side in &world.clinics {
            shared.insert(side.id().to_string());
            collect(&world.http.get(&format!("/api/v1/providers/{}", side.id())).await.json, &mut shared);
        }
        ids = ids.difference(&shared).cloned().collect();
        assert!(ids.len() > 5, "{ids:?}");
        // Whose something is does not depend on the database: there a case and an offer are enough.
        if world.t.engine != testkit::Engine::Sqlite {
            ids = BTreeSet::from([inquiry.clone(), quote.clone()]);
        }

        let other = steps::register(&world, "Mark", "Peterson", "mark@patients.example", "+447700900456").await;
        let spec = ClinicSpec::new("Danube Hair").in_city("Vienna", "AT", "Europe/Vienna");
        let third = directory::seed::clinic(&world.t.app, spec).await.unwrap();
        let owner = session(&world, Guard::Provider, third.owner.any()).await;
        let mut faults = Vec::new();
        for door in doors().iter().filter(|door| door.open != Open::Public && door.path.replace("{g}", "").contains('{')) {
            for (who, client) in [("another patient", &other), ("another clinic", &owner)] {
                for id in &ids {
                    let path = filled(door, id);
                    let reply = knock(client, door, &path).await;
                    // A word that is no id may also be refused by its shape.
                    if !is_shut(&reply) && (reply.status != 400 || door.takes_ids) {
                        faults.push(fault(who, door, &path, &reply));
                    }
                    // Routes of others' portals refuse before they look at an id.
                    if reply.json["code"] == "wrong_guard" {
                        break;
                    }
                }
            }
        }
        let mut shown: BTreeMap<String, String> = BTreeMap::new();
        for fault in faults {
            let key: String = fault.split("/api/v1").nth(1).unwrap_or_default().chars().filter(|c| !c.is_ascii_hexdigit()).take(40).collect();
            shown.entry(key).or_insert(fault);
        }
        assert!(shown.is_empty(), "{} doors stand open:\n{}", shown.len(), shown.into_values().collect::<Vec<_>>().join("\n"));
    }
}
