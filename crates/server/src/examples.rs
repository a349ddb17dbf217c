//! Examples in the API's description: whoever reads it sees what an answer looks like without asking for one.
//!
//! A body that its author gave an example keeps it. The others are made from their schemas, so that an example never
//! tells of a member that is gone.

use serde_json::{Map, Value, json};

/// Gives every JSON body of the document an example, and refusals their media type.
pub fn fill(document: &mut Value) {
    let schemas = document.pointer("/components/schemas").cloned().unwrap_or_default();
    let maker = Maker { schemas: &schemas };
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for operation in paths.into_iter().flatten().filter_map(|(_, item)| item.as_object_mut()).flatten() {
        let (_, operation) = operation;
        if let Some(content) = operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut) {
            maker.bodies(content, None);
        }
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (status, response) in responses.into_iter().flatten() {
            if let Some(content) = response.get_mut("content").and_then(Value::as_object_mut) {
                if is_problem(content.get("application/json")) {
                    let body = content.remove("application/json").unwrap_or_default();
                    content.insert("application/problem+json".to_owned(), body);
                }
                maker.bodies(content, status.parse().ok());
            }
        }
    }
}

fn is_problem(body: Option<&Value>) -> bool {
    let name = body.and_then(|body| body.pointer("/schema/$ref")).and_then(Value::as_str);
    name.is_some_and(|name| name.ends_with("/ProblemDocument"))
}

struct Maker<'a> {
    schemas: &'a Value,
}

impl Maker<'_> {
    /// The bodies of one request or answer, by media type.
    fn bodies(&self, content: &mut Map<String, Value>, status: Option<u16>) {
        for (kind, body) in content {
            let Some(body) = body.as_object_mut() else { continue };
            if !kind.ends_with("json") || body.contains_key("example") || body.contains_key("examples") {
                continue;
            }
            let example = match status {
                Some(status) if kind == "application/problem+json" => problem(status),
                _ => self.of(body.get("schema").unwrap_or(&Value::Null), "", &[]),
            };
            body.insert("example".to_owned(), example);
        }
    }

    /// An example of a schema that stands under a name, within the named schemas `around` it: one that holds itself ends.
    fn of(&self, schema: &Value, name: &str, around: &[&str]) -> Value {
        if let Some(given) = schema.get("example") {
            return given.clone();
        }
        for list in ["examples", "enum"] {
            if let Some(first) = schema.get(list).and_then(Value::as_array).and_then(|list| list.first()) {
                return first.clone();
            }
        }
        if let Some(only) = schema.get("const").or_else(|| schema.get("default").filter(|value| !value.is_null())) {
            return only.clone();
        }
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let target = target.rsplit('/').next().unwrap_or_default();
            return match self.schemas.get(target).filter(|_| !around.contains(&target)) {
                Some(schema) => self.of(schema, name, &[around, &[target]].concat()),
                None => Value::Null,
            };
        }
        for list in ["oneOf", "anyOf"] {
            let mut choices = schema.get(list).and_then(Value::as_array).into_iter().flatten();
            if let Some(choice) = choices.rfind(|choice| !is_type(choice, "null")) {
                return self.of(choice, name, around);
            }
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            let mut whole = Map::new();
            for part in parts {
                match self.of(part, name, around) {
                    Value::Object(part) => whole.extend(part),
                    other if parts.len() == 1 => return other,
                    _ => (),
                }
            }
            return Value::Object(whole);
        }
        self.plain(schema, name, around)
    }

    fn plain(&self, schema: &Value, name: &str, around: &[&str]) -> Value {
        if is_type(schema, "array") || schema.get("items").is_some() {
            let item = schema.get("items").map(|items| self.of(items, name.trim_end_matches('s'), around));
            let item = item.unwrap_or_default();
            return if item.is_null() { json!([]) } else { json!([item]) };
        }
        if is_type(schema, "object") || schema.get("properties").is_some() {
            let members = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
            let mut whole: Map<String, Value> =
                members.map(|(name, member)| (name.clone(), self.of(member, name, around))).collect();
            if let Some(other) = schema.get("additionalProperties").filter(|other| other.is_object()) {
                whole.insert("name".to_owned(), self.of(other, "name", around));
            }
            return Value::Object(whole);
        }
        if is_type(schema, "boolean") {
            return json!(true);
        }
        if is_type(schema, "integer") || is_type(schema, "number") {
            return number(schema, name);
        }
        if is_type(schema, "string") {
            return json!(text(schema, name));
        }
        // Anything at all: most often what differs by kind.
        json!({})
    }
}

fn is_type(schema: &Value, wanted: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(kind)) => kind == wanted,
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| kind == wanted) && (wanted != "null" || kinds.len() == 1),
        _ => false,
    }
}

fn number(schema: &Value, name: &str) -> Value {
    let usual = match name {
        "status" => 200,
        "per_page" => 25,
        "total" | "total_pages" | "last_page" | "current_page" | "page" | "version" => 1,
        "grafts" | "graft_count" => 2500,
        "expires_in" => 900,
        _ => 3,
    };
    let bound = |key: &str| schema.get(key).and_then(Value::as_i64);
    let usual = bound("minimum").map_or(usual, |least| usual.max(least));
    json!(bound("maximum").map_or(usual, |most| usual.min(most)))
}

fn text(schema: &Value, name: &str) -> String {
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let ends = |tail: &str| name.ends_with(tail);
    let example = match format {
        "uuid" => "0198f2a0-7c1e-7b3a-9d52-4f6e8a1b2c3d",
        "date-time" => "2026-03-14T09:30:00Z",
        "date" => "2026-03-14",
        "time" => "09:30:00",
        "email" => "john.doe@example.org",
        "uri" | "url" => "https://example.org/",
        "binary" => "",
        "password" => "correct horse battery staple",
        _ if ends("_at") => "2026-03-14T09:30:00Z",
        _ if ends("_on") || ends("_date") || name == "day" || name == "date" => "2026-03-14",
        _ if ends("email") => "john.doe@example.org",
        _ if ends("currency") => "GBP",
        _ if ends("country") || ends("country_code") => "TR",
        _ if ends("language") || ends("locale") => "en",
        _ if ends("timezone") || ends("time_zone") => "Europe/Istanbul",
        _ if ends("url") || ends("href") || ends("uri") || name == "link" => "https://example.org/",
        _ if ends("amount") || ends("price") || ends("total") || ends("balance") => "540.98",
        _ if ends("percent") || ends("rate") => "12.50",
        _ if ends("first_name") => "John",
        _ if ends("last_name") => "Doe",
        _ if ends("clinic_name") || name == "clinic" || ends("provider_name") => "Golden Horn Hair Clinic",
        _ if name == "patient" || ends("patient_name") || name == "full_name" => "John Doe",
        _ if ends("phone") || ends("phone_number") => "+442079460123",
        _ if matches!(name, "first" | "last" | "prev" | "next") => "?page=1",
        _ if ends("patient_code") => "P-7KQ2M9XA",
        _ if ends("slug") => "golden-horn-hair-clinic",
        _ if ends("city") => "Istanbul",
        _ if ends("name") || ends("title") || ends("label") => "Hair transplant",
        _ if ends("id") => "0198f2a0-7c1e-7b3a-9d52-4f6e8a1b2c3d",
        _ if ends("note") || ends("reason") || ends("text") || ends("description") || ends("comment") => {
            "Looks well and heals as it should."
        }
        _ if ends("status") || ends("state") => "open",
        _ if ends("code") || ends("key") || ends("kind") || ends("type") => "standard",
        _ => "text",
    };
    example.to_owned()
}

/// What a refusal with this status looks like.
fn problem(status: u16) -> Value {
    let (title, code, detail) = match status {
        400 => ("Bad Request", "malformed_json", "The request could not be read."),
        401 => ("Unauthorized", "unauthenticated", "Please sign in."),
        403 => ("Forbidden", "forbidden", "You are not allowed to do this."),
        404 => ("Not Found", "not_found", "There is nothing here."),
        409 => ("Conflict", "stale_version", "Somebody else changed this meanwhile. Look again."),
        410 => ("Gone", "expired", "This is over."),
        413 => ("Content Too Large", "body_too_large", "This is too large."),
        423 => ("Locked", "account_locked", "Too many attempts. Try again later."),
        429 => ("Too Many Requests", "rate_limited", "Too many requests. Wait a little."),
        _ => ("Unprocessable Content", "validation_failed", "Please check what was entered."),
    };
    let mut body = json!({ "type": "about:blank", "title": title, "status": status, "detail": detail,
        "instance": "/api/v1/me", "code": code });
    if let (422, Some(body)) = (status, body.as_object_mut()) {
        let errors = json!({ "email": [{ "code": "email_invalid", "message": "This is no e-mail address." }] });
        body.insert("errors".to_owned(), errors);
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(schema: Value) -> Value {
        let schemas = json!({
            "Tree": { "type": "object", "properties": { "id": { "type": "string", "format": "uuid" },
                "below": { "type": "array", "items": { "$ref": "#/components/schemas/Tree" } } } },
            "Colour": { "type": "string", "enum": ["red", "blue"] },
        });
        Maker { schemas: &schemas }.of(&schema, "", &[])
    }

    #[test]
    fn an_example_follows_the_schema() {
        let schema = json!({ "type": "object", "properties": {
            "email": { "type": ["string", "null"] }, "grafts": { "type": "integer", "maximum": 2000 },
            "colour": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Colour" }] },
            "paid_at": { "type": "string" }, "told": { "type": "string", "example": "as its author says" },
            "texts": { "type": "object", "additionalProperties": { "type": "string" } },
        } });
        assert_eq!(
            one(schema),
            json!({ "email": "john.doe@example.org", "grafts": 2000, "colour": "red", "paid_at": "2026-03-14T09:30:00Z",
                "told": "as its author says", "texts": { "name": "Hair transplant" } })
        );
        let parts = json!({ "allOf": [{ "$ref": "#/components/schemas/Tree" },
            { "type": "object", "properties": { "ready": { "type": "boolean" } } }] });
        assert_eq!(one(parts)["ready"], json!(true));
    }

    #[test]
    fn a_schema_that_holds_itself_ends() {
        let tree = one(json!({ "$ref": "#/components/schemas/Tree" }));
        assert!(tree["id"].is_string());
        assert_eq!(tree["below"], json!([]));
    }

    #[test]
    fn refusals_are_problem_documents_of_their_status() {
        let refs = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/ProblemDocument" } } });
        let mut document = json!({ "paths": { "/x": { "get": { "responses": { "404": { "content": refs } } } } } });
        fill(&mut document);
        let body =
            &document["paths"]["/x"]["get"]["responses"]["404"]["content"]["application/problem+json"]["example"];
        assert_eq!((&body["status"], &body["code"]), (&json!(404), &json!("not_found")));
    }
}
