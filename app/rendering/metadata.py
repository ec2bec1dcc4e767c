"""What the file says of itself: XMP for PDF/A-3a and PDF/UA-1 together.

WeasyPrint declares one standard. ISO 14289-1 clause 5 asks for `pdfuaid:part`; ISO 19005-3
clause 6.6.2.3 asks for a description of every schema that PDF/A does not know.
"""

from __future__ import annotations

import pydyf

_END = b"</rdf:RDF>"

_PDF_UA = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""


def declare_accessibility(pdf: pydyf.PDF) -> None:
    """Add PDF/UA-1 to the one RDF element that WeasyPrint wrote; a second root would be invalid."""
    stream = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    content = b"".join(stream.stream)
    assert content.count(_END) == 1
    stream.stream = [content.replace(_END, _PDF_UA + _END)]
    stream.compress = False  # readable to tools that look for it without parsing the file


def list_attachment_once(pdf: pydyf.PDF) -> None:
    """WeasyPrint 70 enters an attachment into `/AF` once for its name and once for itself."""
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))
