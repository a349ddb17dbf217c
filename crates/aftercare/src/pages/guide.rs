//! Drawn heads that show how a picture is to be taken.

use ui::Html;

/// The head as the camera is to see it, and the frame it is to fill. The words beside it say the same.
pub(super) fn silhouette(field: &str) -> Html {
    let head = match field {
        // Face to face: ears, hairline, neck.
        "front" => {
            "<path d=\"M60 18c-19 0-30 14-30 34 0 22 12 42 30 42s30-20 30-42c0-20-11-34-30-34z\"/>\
             <path d=\"M30 50c-6-1-8 4-7 10s5 10 9 9M90 50c6-1 8 4 7 10s-5 10-9 9M48 92v12M72 92v12\"/>\
             <path class=\"hair\" d=\"M32 44c2-12 12-19 28-19s26 7 28 19\"/><path d=\"M48 56h6M66 56h6M60 58v12M53 78h14\"/>"
        }
        // From above: the crown, the nose ahead.
        "top" => {
            "<ellipse cx=\"60\" cy=\"60\" rx=\"31\" ry=\"38\"/><path d=\"M55 23c1-6 9-6 10 0M29 54c-5 0-7 5-6 10s4 8 8 6M91 54c5 0 7 5 6 10s-4 8-8 6\"/>\
             <path class=\"hair\" d=\"M36 44c10-9 38-9 48 0\"/><path d=\"M60 66c6 0 8 5 5 9s-12 3-12-4 8-14 17-10\"/>"
        }
        // One ear to the camera.
        "sides" => {
            "<path d=\"M74 104V90c9-7 14-18 14-32 0-23-13-39-34-39-18 0-29 12-29 29 0 4-7 12-7 15 0 2 6 2 6 5 0 3-2 5 0 8 1 2-1 4 1 7 3 5 10 4 17 4v17\"/>\
             <path d=\"M64 54c6-4 13 0 11 8-1 5-6 9-9 6\"/><path class=\"hair\" d=\"M34 31c6 8 12 12 22 13 4 6 6 8 8 10M75 64c5 6 8 6 12 4\"/>"
        }
        // The back of the head from crown to neck.
        "back" => {
            "<path d=\"M60 18c-20 0-31 15-31 36 0 15 6 28 17 35v15M60 18c20 0 31 15 31 36 0 15-6 28-17 35v15\"/>\
             <path d=\"M29 52c-5-1-8 4-7 10s5 9 9 8M91 52c5-1 8 4 7 10s-5 9-9 8\"/>\
             <path class=\"hair\" d=\"M46 86c4-4 24-4 28 0M60 38c6 0 9 5 6 9s-12 3-12-4 7-12 16-9\"/>"
        }
        _ => return Html::default(),
    };
    Html(format!(
        "<svg class=\"guide\" viewBox=\"0 0 120 120\" aria-hidden=\"true\" focusable=\"false\">\
         <path class=\"frame\" d=\"M8 26V8h18M94 8h18v18M112 94v18H94M26 112H8V94\"/>{head}</svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::scan::VIEWS;

    #[test]
    fn every_view_is_drawn_and_each_differently() {
        let drawn: std::collections::BTreeSet<String> =
            VIEWS.into_iter().map(|(field, _)| silhouette(field).0).collect();
        assert_eq!(drawn.len(), VIEWS.len());
        assert!(drawn.iter().all(|svg| svg.starts_with("<svg") && !svg.contains("style=")));
    }
}
