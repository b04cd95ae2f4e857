# ruff: noqa: E501 (a clipboard is as wide as it is)
"""What Word and LibreOffice put on the clipboard, as they do, pasted into the editor and saved."""

import pytest
from playwright.sync_api import expect

from actions.models import Action
from pti.fields import clean_html
from tests.browser.test_editor import PASTE

# Word 365, « Copier » of a heading, bold and a link, two lists (one inside the other), a table with a head, a tracked change.
WORD = """
<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- /* Style Definitions */ p.MsoNormal, li.MsoNormal {margin:0cm; font-family:"Calibri",sans-serif;}
@list l0:level1 {mso-level-number-format:bullet;} --></style></head>
<body lang=FR link="#0563C1" style='tab-interval:35.4pt;word-wrap:break-word'><!--StartFragment-->
<h1><a name="_Toc1234">Diagnostic du territoire<o:p></o:p></a></h1>
<p class=MsoNormal><span style='font-size:12.0pt'>Un </span><b style='mso-bidi-font-weight:normal'><span
style='font-size:12.0pt'>constat</span></b><span style='font-size:12.0pt'> net, <del
cite="mailto:A" datetime="2026-11-01T10:00">supprimé</del>voir <a href="https://www.insee.fr/"><span
style='color:#0563C1'>l’Insee</span></a>.<o:p></o:p></span></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>·<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>Mobilité<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>o<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Permis</p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Garde d’enfants</p>
<h2>Calendrier</h2>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Former</p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l1 level1 lfo2'><![if !supportLists]><span
style='mso-list:Ignore'>2.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Évaluer</p>
<table class=MsoTableGrid border=1 cellspacing=0 cellpadding=0 style='border-collapse:collapse;border:none'>
 <tr style='mso-yfti-irow:0'><td width=301 valign=top style='width:225.5pt;border:solid windowtext 1.0pt'><p
 class=MsoNormal><b>Année<o:p></o:p></b></p></td><td width=301><p class=MsoNormal><b>Cible</b></p></td></tr>
 <tr><td><p class=MsoNormal>2026</p></td><td><p class=MsoNormal>150</p></td></tr>
</table><!--EndFragment--></body></html>
"""
# LibreOffice Writer 7.4, the same.
LIBRE = """
<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.0 Transitional//EN"><html><head>
<meta http-equiv="content-type" content="text/html; charset=utf-8"/><title></title>
<meta name="generator" content="LibreOffice 7.4.7.2 (Linux)"/>
<style type="text/css">@page { size: 21cm 29.7cm; margin: 2cm } p { line-height: 115% }
h1 { color: #2e74b5 } td p { orphans: 0 }</style></head><body lang="fr-FR" dir="ltr">
<h1 class="western"><a name="__RefHeading___1"></a>Diagnostic du territoire</h1>
<p class="western" style="line-height: 100%; margin-bottom: 0cm"><font face="Calibri, serif"><font size="3"
style="font-size: 12pt">Un <b>constat</b> net, voir <a href="https://www.insee.fr/"><font color="#0563c1"><u>l’Insee</u></font></a>.
</font></font></p>
<ul><li><p style="margin-bottom: 0cm">Mobilité</p><ul><li><p>Permis</p></li></ul></li>
<li><p style="margin-bottom: 0cm">Garde d’enfants</p></li></ul>
<h2 class="western">Calendrier</h2>
<ol><li><p>Former</p></li><li><p>Évaluer</p></li></ol>
<table width="100%" cellpadding="4" cellspacing="0"><col width="128*"/><col width="128*"/>
<tr valign="top"><td width="50%" style="border: 1px solid #000"><p class="western"><b>Année</b></p></td>
<td width="50%"><p class="western"><b>Cible</b></p></td></tr>
<tr valign="top"><td width="50%"><p class="western"><br/>2026</p></td><td><p>150</p></td></tr></table></body></html>
"""
KEPT = (
    "<h4>Diagnostic du territoire</h4>",
    "<strong>constat</strong>",
    '<a href="https://www.insee.fr/"',
    "<h4>Calendrier</h4>",
    "<ol><li>",
    "<table>",
    "<strong>Année</strong>",
    "150",
)
DROPPED = ("Mso", "style", "font", "o:p", "class", "supprimé", "·", "_Toc", "RefHeading", "width", "1.")


@pytest.mark.parametrize("clipboard", [WORD, LIBRE], ids=["word", "libreoffice"])
def test_what_a_word_processor_copies_keeps_its_structure(page, enter, world, clipboard):
    enter(page, world.users["officer"])
    page.goto(f"{world.action.get_absolute_url()}modifier/")
    box = page.get_by_role("textbox", name="Diagnostic (facultatif)", exact=True)
    box.click()
    box.evaluate(PASTE, clipboard)
    page.get_by_role("button", name="Enregistrer la fiche").click()
    expect(page.get_by_text("Fiche enregistrée.")).to_be_visible()
    text = Action.objects.get(pk=world.action.pk).diagnosis
    assert [kept for kept in KEPT if kept not in text] == [], text
    assert [dropped for dropped in DROPPED if dropped in text] == [], text
    flat = text.replace("<p>", "").replace("</p>", "")
    assert "<ul><li>Mobilité<ul><li>Permis</li></ul></li><li>Garde d’enfants</li></ul>" in flat
    assert "<ol><li>Former</li><li>Évaluer</li></ol>" in flat
    assert clean_html(text) == text
