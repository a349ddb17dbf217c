//! The words of a document: Markdown, of which headings and paragraphs are drawn.

/// A heading and what stands below it; either may be empty.
pub type Part = (String, String);

/// The parts of a document. Marks other than those of headings are shown as they were written; nothing is read as HTML.
pub fn parts(content: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for line in content.lines() {
        let bare = line.trim_start();
        let heading = bare.trim_start_matches('#');
        if heading.len() < bare.len() && heading.starts_with(' ') {
            parts.push((heading.trim().to_owned(), String::new()));
            continue;
        }
        if parts.is_empty() {
            parts.push(Part::default());
        }
        if let Some((_, text)) = parts.last_mut() {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    for (_, text) in &mut parts {
        *text = text.trim().to_owned();
    }
    parts.retain(|(heading, text)| !heading.is_empty() || !text.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_paragraphs() {
        let part = |heading: &str, text: &str| (heading.to_owned(), text.to_owned());
        let found = parts("Before.\n\n# One\nText\nmore\n\nand more\n## Two #2\n#3 stays\n");
        let wanted = [part("", "Before."), part("One", "Text\nmore\n\nand more"), part("Two #2", "#3 stays")];
        assert_eq!(found, wanted);
        assert!(parts(" \n\n").is_empty());
    }
}
