//! Text in XML.

/// The text as content or as the value of an attribute; what XML cannot hold becomes a space.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_in_a_text_is_read_as_markup() {
        assert_eq!(
            escape("<a href=\"x\">Tom & 'Co'\u{0}\u{1b}</a>"),
            "&lt;a href=&quot;x&quot;&gt;Tom &amp; &#39;Co&#39;  &lt;/a&gt;"
        );
    }
}
