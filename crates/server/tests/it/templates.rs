//! The templates themselves: every text comes from the catalogue, in both languages, and nothing a strict policy refuses
//! stands in them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use platform::locale::{Locale, find_text};

/// Words that are the same in every language.
const NAMES: &[&str] = &["Hairline", "UTC", "FUE", "DHI", "PDF", "PNG", "JPEG", "MB", "KB", "CVC", "IBAN", "ID"];

fn files(folder: &str, ending: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = Vec::new();
    let mut open = vec![root];
    while let Some(place) = open.pop() {
        for entry in std::fs::read_dir(place).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.to_string_lossy().ends_with(ending) && path.to_string_lossy().contains(folder) {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

/// The text with everything between `open` and `close` taken out.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        out.push_str(before);
        out.push(' ');
        rest = after.split_once(close).map_or("", |(_, behind)| behind);
    }
    out + rest
}

/// What a template says by itself: text between tags, and attributes people read or hear.
fn literal_words(template: &str) -> Vec<String> {
    // Blocks that hold names of the stylesheet say nothing to anybody.
    let mut plain = without(template, "{% block body_class %}", "{% endblock %}");
    plain = without(&plain, "{% block main_class %}", "{% endblock %}");
    plain = without(&plain, "{#", "#}");
    plain = without(&plain, "{%", "%}");
    plain = without(&plain, "{{", "}}");
    let mut said: Vec<String> = without(&plain, "<", ">").split_whitespace().map(str::to_owned).collect();
    for attribute in ["placeholder=\"", "title=\"", "alt=\"", "aria-label=\"", "data-label=\""] {
        for part in plain.split(attribute).skip(1) {
            said.extend(part.split('"').next().unwrap_or_default().split_whitespace().map(str::to_owned));
        }
    }
    let is_word = |word: &String| {
        let bare = word.replace("&nbsp;", "").replace("&amp;", "");
        bare.chars().filter(|c| c.is_alphabetic()).count() > 1
            && !NAMES.contains(&bare.trim_matches(|c: char| !c.is_alphanumeric()))
    };
    said.into_iter().filter(is_word).collect()
}

#[test]
fn templates_say_nothing_by_themselves() {
    let mut found = Vec::new();
    for (path, text) in files("/templates/", ".html") {
        for word in literal_words(&text) {
            found.push(format!("{}: {word}", path.display()));
        }
    }
    assert!(found.is_empty(), "words that are not in the catalogue:\n{}", found.join("\n"));
}

#[test]
fn the_test_above_finds_words() {
    assert_eq!(literal_words("<p title=\"Hello\">{{ chrome.t(\"x\") }} world {% if a %}</p>"), ["world", "Hello"]);
    assert!(literal_words("<p>{{ a }} · – 12 % <b>Hairline</b></p>").is_empty());
}

/// The keys named as literals behind these calls.
fn keys(text: &str, calls: &[&str]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for call in calls {
        for part in text.split(call).skip(1) {
            let key = part.split('"').next().unwrap_or_default();
            let is_key = key.contains('-') || key.chars().all(|c| c.is_ascii_lowercase());
            // A key with a hole is filled at run time; the walk over all pages finds those.
            if is_key && !key.is_empty() && !key.contains('{') && part[key.len()..].starts_with('"') {
                found.insert(key.to_owned());
            }
        }
    }
    found
}

#[test]
fn every_key_has_its_text_in_both_languages() {
    let mut missing = Vec::new();
    let calls = [
        "chrome.t(\"",
        "chrome.tn(\"",
        "chrome.tw(\"",
        ".t(\"",
        ".tn(\"",
        ".tw(\"",
        "locale::t(locale, \"",
        "locale::tr(locale, \"",
    ];
    let sources = files("/templates/", ".html").into_iter().chain(files("/src/", ".rs"));
    for (path, text) in sources {
        for key in keys(&text, &calls) {
            for locale in Locale::ALL {
                if find_text(locale, &key).is_none() {
                    missing.push(format!("{}: {key} in {}", path.display(), locale.code()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{} keys without a text:\n{}", missing.len(), missing.join("\n"));
}

/// Codes that only commands of the terminal and tests say.
const UNSPOKEN: &[&str] = &["nothing_there", "not_empty", "demo_refused", "trial"];

/// The codes of refusals in a source, without those of its tests.
fn refusals(source: &str) -> BTreeSet<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = BTreeSet::new();
    for call in ["conflict(", "denied(", "invalid(", "too_many("] {
        for rest in code.split(&format!("AppError::{call}")).skip(1) {
            if let Some((word, _)) = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"')) {
                found.insert(word.to_owned());
            }
        }
    }
    for rest in code.split("AppError::new(").skip(1) {
        let mut parts = rest.split('"');
        if let (Some(kind), Some(word)) = (parts.next(), parts.next())
            && kind.trim().strip_suffix(',').is_some_and(|kind| kind.chars().all(|c| c.is_alphanumeric() || c == ':'))
        {
            found.insert(word.to_owned());
        }
    }
    found
}

#[test]
fn every_refusal_is_said_in_every_language() {
    let mut missing = Vec::new();
    let mut seen = 0;
    for (path, source) in files("/src/", ".rs") {
        for code in refusals(&source).into_iter().filter(|code| !UNSPOKEN.contains(&code.as_str())) {
            seen += 1;
            for locale in [Locale::En, Locale::Tr] {
                if ["error", "field"].iter().all(|kind| find_text(locale, &format!("{kind}-{code}")).is_none()) {
                    missing.push(format!("{} {code} ({locale:?})", path.display()));
                }
            }
        }
    }
    assert!(seen > 150, "only {seen} refusals were found");
    assert!(missing.is_empty(), "{missing:#?}");
}

/// What the audit log is told, in a source without its tests: actions, and kinds of things.
fn deeds(source: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let literals = |calls: &[&str]| {
        let parts = calls.iter().flat_map(|call| code.split(call).skip(1));
        let words = parts.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split_once('"').map(|(word, _)| word));
        words.map(str::to_owned).collect::<BTreeSet<String>>()
    };
    (literals(&["Entry::new(", "self.entry("]), literals(&[".subject("]))
}

#[test]
fn what_the_audit_log_says_has_words_for_people() {
    let (mut missing, mut seen) = (BTreeSet::new(), 0);
    for (path, source) in files("/src/", ".rs") {
        let (actions, things) = deeds(&source);
        let mut keys = Vec::new();
        for action in actions {
            let (area, deed) = action.split_once('.').unwrap_or_else(|| panic!("{}: {action}", path.display()));
            keys.extend([format!("deed-area-{area}"), format!("deed-{deed}")]);
        }
        for thing in things {
            let dashed: String = thing
                .chars()
                .flat_map(|c| [c.is_ascii_uppercase().then_some('-'), Some(c.to_ascii_lowercase())])
                .flatten()
                .collect();
            keys.push(format!("thing-{}", dashed.trim_start_matches('-')));
        }
        for key in keys.iter().map(|key| key.replace('_', "-")) {
            seen += 1;
            if [Locale::En, Locale::Tr].iter().any(|locale| find_text(*locale, &key).is_none()) {
                missing.insert(key);
            }
        }
    }
    assert!(seen > 300, "only {seen} words were found");
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn done_words_have_their_texts() {
    let mut missing = Vec::new();
    for (path, text) in files("/src/", ".rs") {
        for part in text.split("done(").skip(1) {
            // The last literal of the call is the word.
            let call = part.split(");").next().unwrap_or_default().split(')').next().unwrap_or_default();
            let Some(word) = call.rsplit('"').nth(1).filter(|word| !word.contains('/') && !word.contains('{')) else {
                continue;
            };
            let is_word =
                !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit());
            if call.contains(", \"") && is_word && find_text(Locale::Tr, &format!("done-{word}")).is_none() {
                missing.push(format!("{}: done-{word}", path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn nothing_stands_in_a_template_that_the_policy_refuses() {
    // The one part that lets the payment provider's own form in; the answers with it widen the policy for that.
    let provider = "<script src=\"https://js.stripe.com/v3/\" defer></script>";
    let mut found = Vec::new();
    for (path, text) in files("/templates/", ".html") {
        let name = path.display().to_string();
        let text = if name.ends_with("/pay_element.html") { text.replacen(provider, "", 1) } else { text };
        for bad in [" style=\"", " onclick=", " onchange=", " onsubmit=", "javascript:", "http://", "https://"] {
            if text.contains(bad) && !text.contains("https://schema.org") {
                found.push(format!("{name}: {bad}"));
            }
        }
        let scripts = text.matches("<script").count();
        if scripts > 0 && !name.ends_with("base.html") {
            found.push(format!("{name}: a script"));
        }
        // Every form that changes something proves where it comes from.
        for form in text.split("<form").skip(1) {
            let head = form.split('>').next().unwrap_or_default();
            let body = form.split("</form>").next().unwrap_or_default();
            if head.contains("method=\"post\"") && !body.contains("csrf") {
                found.push(format!("{name}: a form without its proof"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
