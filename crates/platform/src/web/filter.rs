//! Text that people typed, made safe for LIKE.

use sea_orm::sea_query::LikeExpr;

/// A LIKE pattern that finds `text` anywhere, with `%`, `_` and `\` taken literally. Use with ESCAPE '\\'.
pub fn like_contains(text: &str) -> LikeExpr {
    LikeExpr::new(format!("%{}%", literal(text))).escape('\\')
}

/// A LIKE pattern that finds what begins with `text`, taken literally: a range of an index.
pub fn like_begins(text: &str) -> LikeExpr {
    LikeExpr::new(literal(text) + "%").escape('\\')
}

fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}
