"""The XMP packet of an edition: what the file is, and which standards it claims.

One `rdf:RDF` with a description for each subject (ISO 16684-1). Where PDF/A-2
or -3 meets PDF/UA-1, the schema of the latter's identification is described as
ISO 19005-3, 6.6.2.3 asks.
"""

from __future__ import annotations

from html import escape as escape_markup

from msgspec import Struct

from reportgen.standards import NAMESPACES, Family, Standard


class Particulars(Struct, frozen=True):
    """What a file says of itself."""

    title: str
    authors: tuple[str, ...]
    description: str
    keywords: str
    language: str
    """BCP 47"""
    date: str
    """ISO 8601, with time and zone."""
    producer: str


NO_IDENTIFIER = "00000000-0000-0000-0000-000000000000"
"""The nil UUID (RFC 9562, 5.9), where that of the content will stand."""

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
{descriptions}
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""

_ACCESS_SCHEMA = """<rdf:Description rdf:about="" \
xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>"""


def xmp_packet(particulars: Particulars, standards: tuple[Standard, ...]) -> bytes:
    """Return the XMP packet of a file that claims `standards`, in UTF-8."""
    parts = [_claim(s) for s in standards if s.value.family is not Family.REUSE]
    declared = [s for s in standards if s.value.family is Family.REUSE]
    if declared:
        parts.append(_declarations(declared))
    if {Standard.PDF_A_2A, Standard.PDF_A_3A} & set(standards) and Standard.PDF_UA_1 in standards:
        parts.append(_ACCESS_SCHEMA)
    parts += _subjects(particulars)
    if Standard.PDF_X_4 in standards:
        parts.append(_management(particulars))
    return _PACKET.format(descriptions="\n".join(parts)).encode()


def escape(text: str) -> str:
    """Return text as XML 1.0 can hold it."""
    return escape_markup("".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in
                                 "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")), quote=False)


def _description(prefix: str, namespace: str, body: str) -> str:
    return (f'<rdf:Description rdf:about="" xmlns:{prefix}="{namespace}">{body}'
            "</rdf:Description>")


def _claim(standard: Standard) -> str:
    prefix = standard.value.family.value
    body = "".join(f"<{prefix}:{name}>{value}</{prefix}:{name}>"
                   for name, value in standard.value.properties)
    return _description(prefix, NAMESPACES[standard.value.family], body)


def _declarations(standards: list[Standard]) -> str:
    rows = "".join(f'<rdf:li rdf:parseType="Resource"><pdfd:{name}>{value}</pdfd:{name}></rdf:li>'
                   for standard in standards for name, value in standard.value.properties)
    body = f"<pdfd:declarations><rdf:Bag>{rows}</rdf:Bag></pdfd:declarations>"
    return _description("pdfd", NAMESPACES[Family.REUSE], body)


def _subjects(of: Particulars) -> list[str]:
    def alternative(name: str, value: str) -> str:
        return (f'<dc:{name}><rdf:Alt><rdf:li xml:lang="x-default">{escape(value)}</rdf:li>'
                f"</rdf:Alt></dc:{name}>") if value else ""

    def array(name: str, kind: str, values: tuple[str, ...]) -> str:
        rows = "".join(f"<rdf:li>{escape(value)}</rdf:li>" for value in values)
        return f"<dc:{name}><rdf:{kind}>{rows}</rdf:{kind}></dc:{name}>" if rows else ""

    core = (alternative("title", of.title) + array("creator", "Seq", of.authors)
            + alternative("description", of.description) + array("language", "Bag", (of.language,))
            + "<dc:format>application/pdf</dc:format>")
    basic = (f"<xmp:CreatorTool>reportgen</xmp:CreatorTool><xmp:CreateDate>{of.date}"
             f"</xmp:CreateDate><xmp:ModifyDate>{of.date}</xmp:ModifyDate>"
             f"<xmp:MetadataDate>{of.date}</xmp:MetadataDate>")
    adobe = (f"<pdf:Producer>{escape(of.producer)}</pdf:Producer>"
             + (f"<pdf:Keywords>{escape(of.keywords)}</pdf:Keywords>" if of.keywords else ""))
    return [_description("dc", "http://purl.org/dc/elements/1.1/", core),
            _description("xmp", "http://ns.adobe.com/xap/1.0/", basic),
            _description("pdf", "http://ns.adobe.com/pdf/1.3/", adobe)]


def _management(of: Particulars) -> str:
    """Return what ISO 15930-7, 6.17 asks of a file for print, its document a hash of its bytes."""
    identity = (f"<xmpMM:DocumentID>uuid:{NO_IDENTIFIER}</xmpMM:DocumentID>"
                "<xmpMM:VersionID>1</xmpMM:VersionID>"
                "<xmpMM:RenditionClass>default</xmpMM:RenditionClass>")
    return "\n".join((_description("xmpMM", "http://ns.adobe.com/xap/1.0/mm/", identity),
                      _description("pdf", "http://ns.adobe.com/pdf/1.3/",
                                   "<pdf:Trapped>False</pdf:Trapped>")))
