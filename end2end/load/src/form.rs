/// Fields as `application/x-www-form-urlencoded`. Names are ours and need no escape (`span[position]` stays readable
/// for the server's reader, which wants its brackets bare).
pub fn encode(fields: &[(&str, &str)]) -> String {
    let mut form = String::with_capacity(fields.iter().map(|(name, value)| name.len() + value.len() * 2).sum());
    for (name, value) in fields {
        if !form.is_empty() {
            form.push('&');
        }
        form.push_str(name);
        form.push('=');
        for byte in value.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => form.push(char::from(byte)),
                b' ' => form.push('+'),
                _ => {
                    const HEX: &[u8; 16] = b"0123456789ABCDEF";
                    form.push('%');
                    form.push(char::from(HEX[usize::from(byte >> 4)]));
                    form.push(char::from(HEX[usize::from(byte & 15)]));
                }
            }
        }
    }
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_become_another_field() {
        let form = encode(&[("body", "a&b=c d+é\n"), ("span[position]", "5")]);
        assert_eq!(form, "body=a%26b%3Dc+d%2B%C3%A9%0A&span[position]=5");
    }
}
