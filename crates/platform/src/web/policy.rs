//! What a page asks of the policy it is sent with.

/// Beside an answer: its forms may lead on to this origin. Browsers hold redirects of forms to the page's policy too.
#[derive(Clone, Debug)]
pub struct FormTarget(pub String);

/// Beside an answer: the page brings in the form of a payment provider, which browsers load from these origins.
#[derive(Clone, Copy, Debug)]
pub struct Embeds {
    /// Where its script comes from.
    pub scripts: &'static str,
    /// Where the frames with its fields come from.
    pub frames: &'static str,
    /// Where its script asks.
    pub connects: &'static str,
}
