//! WebSocket frames by hand (RFC 6455, section 5.2): a load generator must cost less than what it measures.

/// Binary, whole.
const BINARY: u8 = 0x82;
/// What opens a connection, up to the path.
pub(crate) const REQUEST_END: &[u8] = b"\r\n\r\n";

/// A client's frame. Its mask is zero, which leaves the payload as it is.
pub(crate) fn masked(payload: &[u8]) -> Vec<u8> {
    let mut out = head(payload.len(), 0x80);
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(payload);
    out
}

/// A server's frame.
pub(crate) fn unmasked(payload: &[u8]) -> Vec<u8> {
    let mut out = head(payload.len(), 0);
    out.extend_from_slice(payload);
    out
}

fn head(length: usize, mask: u8) -> Vec<u8> {
    let mut out = vec![BINARY];
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ ..126), _) => out.push(mask | short),
        (_, Ok(middle)) => {
            out.push(mask | 126);
            out.extend_from_slice(&middle.to_be_bytes());
        }
        _ => {
            out.push(mask | 127);
            out.extend_from_slice(&u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
        }
    }
    out
}

/// The first whole frame: its payload, whether it is binary, and all its bytes' number.
pub(crate) fn first(bytes: &[u8]) -> Option<(bool, &[u8], usize)> {
    let (&kind, &second) = (bytes.first()?, bytes.get(1)?);
    let (length, mut at): (usize, usize) = match second & 0x7f {
        126 => (usize::from(u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?)), 4),
        127 => (usize::try_from(u64::from_be_bytes(bytes.get(2..10)?.try_into().ok()?)).ok()?, 10),
        short => (usize::from(short), 2),
    };
    if second & 0x80 != 0 {
        at += 4;
    }
    let end = at.checked_add(length)?;
    Some((kind == BINARY, bytes.get(at..end)?, end))
}

/// Where the head of an HTTP message ends.
pub(crate) fn head_end(bytes: &[u8]) -> Option<usize> {
    let at = bytes.windows(REQUEST_END.len()).position(|window| window == REQUEST_END)?;
    Some(at + REQUEST_END.len())
}

/// What asks for an upgrade.
pub(crate) fn upgrade(path: &str, protocol: &str) -> Vec<u8> {
    format!(
        "GET {path} HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
         Sec-WebSocket-Protocol: {protocol}\r\n\r\n"
    )
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_of_each_kind_of_length_is_read_as_it_was_written_and_half_of_one_not_at_all() {
        for length in [0, 125, 126, 65_535, 65_536] {
            let payload = vec![7; length];
            for frame in [masked(&payload), unmasked(&payload)] {
                assert_eq!(first(&frame), Some((true, payload.as_slice(), frame.len())));
                assert_eq!(first(&frame[..frame.len() - 1]), None);
            }
        }
    }
}
