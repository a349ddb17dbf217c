//! What a page asks of the policy it is sent with.

/// Beside an answer: its forms may lead on to this origin. Browsers hold redirects of forms to the page's policy too.
#[derive(Clone, Debug)]
pub struct FormTarget(pub String);
