//! The texts themselves: every file of a language in one bundle, part of the executable in release builds.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

use super::Locale;

#[derive(RustEmbed)]
#[folder = "../../locales"]
struct TextFiles;

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| load(Locale::En));
static TURKISH: LazyLock<Bundle> = LazyLock::new(|| load(Locale::Tr));

/// The text of a key in the language, else in English. `key.attribute` reads an attribute.
pub(super) fn find(locale: Locale, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
    let english = || find_in(&ENGLISH, key, args);
    match locale {
        Locale::En => english(),
        Locale::Tr => find_in(&TURKISH, key, args).or_else(english),
    }
}

fn find_in(bundle: &Bundle, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
    let pattern = match key.split_once('.') {
        Some((key, attribute)) => bundle.get_message(key)?.get_attribute(attribute)?.value(),
        None => bundle.get_message(key)?.value()?,
    };
    let mut faults = Vec::new();
    let text = bundle.format_pattern(pattern, args, &mut faults).into_owned();
    if !faults.is_empty() {
        tracing::warn!(key, ?faults, "a text could not be filled in");
    }
    Some(text)
}

/// A fault in one file costs the faulty text and no other: the rest of the product still speaks.
fn load(locale: Locale) -> Bundle {
    // The language decides the plural rules; our codes are always readable.
    let id: LanguageIdentifier = locale.code().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![id]);
    // The isolation marks around variables would show up in mails, titles and tests.
    bundle.set_use_isolating(false);
    let folder = format!("{}/", locale.code());
    let mut files: Vec<_> = TextFiles::iter().filter(|file| file.starts_with(&folder)).collect();
    files.sort_unstable();
    for file in files {
        let Some(content) = TextFiles::get(&file) else { continue };
        let text = String::from_utf8_lossy(&content.data).into_owned();
        let resource = FluentResource::try_new(text).unwrap_or_else(|(rest, faults)| {
            tracing::error!(%file, ?faults, "texts with faults");
            rest
        });
        if let Err(faults) = bundle.add_resource(resource) {
            tracing::error!(%file, ?faults, "texts that stand twice");
        }
    }
    bundle
}
