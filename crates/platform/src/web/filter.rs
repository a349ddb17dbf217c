//! Text that people typed, made safe for LIKE.

/// A LIKE pattern that finds `text` anywhere, with `%`, `_` and `\` taken literally. Use with ESCAPE '\\'.
pub fn like_contains(text: &str) -> sea_orm::sea_query::LikeExpr {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    sea_orm::sea_query::LikeExpr::new(pattern).escape('\\')
}
