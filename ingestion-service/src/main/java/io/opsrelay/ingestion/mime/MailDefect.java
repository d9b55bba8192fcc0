package io.opsrelay.ingestion.mime;

/** What was wrong with a mail that could be read all the same. */
public enum MailDefect {
    /** Something stood before the first header. */
    LEADING_JUNK,
    /** A line among the headers is no header. */
    BROKEN_HEADER,
    /** The headers were longer or more than allowed; the rest was left out. */
    HEADERS_CUT,
    /** An encoded word or parameter could not be decoded and was kept as it is. */
    BROKEN_ENCODED_WORD,
    /** There is no usable From address. */
    NO_SENDER,
    /** There is more than one From address; the first one counts. */
    SEVERAL_SENDERS,
    /** An address could not be understood and was left out. */
    BROKEN_ADDRESS,
    /** The Date header could not be understood. */
    BROKEN_DATE,
    /** There is no Message-ID, or none that can be used. */
    NO_MESSAGE_ID,
    /** A multipart without boundary, without its end, or without parts. */
    BROKEN_MULTIPART,
    /** Multiparts were nested deeper than allowed; what lies deeper was left out. */
    TOO_DEEP,
    /** More parts than allowed; the rest was left out. */
    TOO_MANY_PARTS,
    /** Base64, quoted-printable or uuencode with errors; what could be decoded was kept. */
    BROKEN_TRANSFER_ENCODING,
    /** A transfer encoding nobody knows; the bytes were taken as they are. */
    UNKNOWN_TRANSFER_ENCODING,
    /** A character set nobody knows; another one was found by looking at the bytes. */
    UNKNOWN_CHARSET,
    /** The bytes are not in the character set that was declared. */
    WRONG_CHARSET,
    /** A character set that is refused as text (UTF-7); the part was kept as an attachment. */
    REFUSED_CHARSET,
    /** The body was longer than allowed and was cut. */
    TEXT_CUT,
    /** There is nothing to read, not even in the HTML. */
    NO_TEXT
}
