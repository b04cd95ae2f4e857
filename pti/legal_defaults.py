"""The three public texts as shipped: true of any installation, to be completed by the animator in the settings."""

from django.conf import settings
from django.utils.html import escape

from pti.enums import LegalTextKind

ACCESSIBILITY = """
<p>{nom} s’engage à rendre ce service accessible, conformément à l’article 47 de la loi n° 2005-102 du 11 février 2005.</p>
<h4>État de conformité</h4>
<p>Ce service est <strong>non conforme</strong> au référentiel général d’amélioration de l’accessibilité (RGAA 4.1) :
aucun audit de conformité n’a encore été mené par une personne qualifiée.</p>
<h4>Ce qui est vérifié</h4>
<p>Des contrôles automatiques (axe, règles WCAG 2.2 A et AA, et validation du HTML) passent sur chaque page à chaque version.
Ils ne voient qu’une partie des défauts et ne remplacent pas un audit.</p>
<h4>Contenus non accessibles</h4>
<ul>
<li>Les documents déposés par les utilisateurs (numérisations signées, PDF, bureautique) peuvent ne pas être
accessibles.</li>
<li>L’éditeur de texte n’a pas été essayé avec tous les lecteurs d’écran. Sans JavaScript, un champ de texte
simple le remplace.</li>
<li>Le service n’a pas encore été essayé par des personnes en situation de handicap.</li>
</ul>
<h4>Retour d’information et contact</h4>
<p>Si vous n’arrivez pas à lire un contenu ou à faire une démarche, écrivez à l’animation du pacte
({contact}) : une autre voie
vous sera proposée, par téléphone ou sur papier.</p>
<h4>Voies de recours</h4>
<p>Si vous signalez un défaut et n’obtenez pas de réponse, vous pouvez écrire au Défenseur des droits
(<a href="https://formulaire.defenseurdesdroits.fr/">formulaire en ligne</a>), saisir son délégué dans votre
département, ou lui
écrire gratuitement : Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.</p>
"""

LEGAL = """
<h4>Éditeur</h4>
<p>Ce service est édité par {nom}. Contact : {contact}.</p>
<p>Directeur ou directrice de la publication : à compléter par l’animation du pacte.</p>
<h4>Hébergement</h4>
<p>Hébergeur (nom, adresse, téléphone) : à compléter par l’animation du pacte.</p>
<h4>Contenu</h4>
<p>Seuls les textes adoptés et signés engagent les partenaires. Les points d’avancement engagent l’organisme
qui les écrit.</p>
<h4>Témoins de connexion (cookies)</h4>
<p>Le service dépose deux témoins, nécessaires à son fonctionnement : la session et la protection des
formulaires. Il n’en dépose
aucun autre, ne mesure pas l’audience et ne charge rien d’un autre site.</p>
<p>Ce que vous êtes en train d’écrire est copié dans votre navigateur, et nulle part ailleurs :
voir « Données personnelles ».</p>
<h4>Logiciels et polices</h4>
<p>Bootstrap et Bootstrap Icons (licence MIT), Source Sans 3 et Source Serif 4 (licence SIL OFL).</p>
"""

PRIVACY = """
<p>Ce service ne contient aucune donnée sur les allocataires : seulement des chiffres d’ensemble. Les données
personnelles sont
celles des personnes qui préparent, signent et suivent le pacte.</p>
<h4>Responsable du traitement</h4>
<p>{nom}. Délégué ou déléguée à la protection des données : {dpo}.</p>
<h4>Pourquoi</h4>
<p>Rédiger, signer et suivre le pacte territorial pour l’insertion : mission d’intérêt public (article L263-2
du Code de l’action
sociale et des familles ; article 6, paragraphe 1, point e du règlement général sur la protection des données).</p>
<h4>Quelles données, pour qui, combien de temps</h4>
<table>
<thead><tr><th scope="col">Données</th><th scope="col">Qui les voit</th><th scope="col">Durée</th></tr></thead>
<tbody>
<tr><td>Compte : nom, prénom, adresse électronique, fonction, téléphone</td><td>Les personnes qui ont accès
au même pacte, selon leur
rôle</td><td>Jusqu’à la fermeture du compte, proposée après {mois} mois sans usage</td></tr>
<tr><td>Contacts des partenaires : nom, fonction, coordonnées professionnelles</td><td>Le Département et les partenaires du
pacte</td><td>La durée du pacte, jusqu’à son bilan</td></tr>
<tr><td>Journal : qui a fait quoi et quand</td><td>Le Département</td><td>La durée du pacte et de ses archives</td></tr>
<tr><td>Accord donné en ligne : adresse réseau d’où il est parti</td><td>Le Département et l’organisme signataire</td>
<td>{adresse} ans, puis elle est effacée</td></tr>
<tr><td>Signataires : nom, qualité, date</td><td>Toute personne qui lit le pacte</td><td>Celle de l’acte, qui est un document
administratif</td></tr>
</tbody>
</table>
<h4>Ce que garde votre navigateur</h4>
<p>Une saisie en cours est copiée dans le navigateur que vous employez, pour survivre à une session expirée, à un onglet fermé
ou à une connexion perdue. Elle n’est lue par personne d’autre et s’efface quand vous enregistrez, quand vous choisissez
« Oublier », quand vous vous déconnectez, et après trois jours. Sur un ordinateur partagé, déconnectez-vous avant de partir.</p>
<h4>Vos droits</h4>
<p>Vous pouvez demander à voir, corriger ou effacer ce qui vous concerne, ou vous y opposer, auprès du
délégué ou de la déléguée à
la protection des données. Le nom d’une personne effacée est remplacé dans les fiches et dans le journal ;
l’acte qu’elle a signé est
conservé. Vous pouvez adresser une réclamation à la <a href="https://www.cnil.fr/">CNIL</a>.</p>
"""

DEFAULTS = {LegalTextKind.ACCESSIBILITY: ACCESSIBILITY, LegalTextKind.LEGAL: LEGAL, LegalTextKind.PRIVACY: PRIVACY}


def default_text(kind, brand):
    """The text shipped for `kind`, with what the settings know."""
    return (
        DEFAULTS[kind]
        .replace("{nom}", escape(brand.name))
        .replace("{contact}", address(brand.contact_email))
        .replace("{dpo}", address(brand.dpo_email))
        .replace("{mois}", str(brand.inactive_months))
        .replace("{adresse}", str(settings.NETWORK_ADDRESS_YEARS))
    )


def address(email):
    """A link to write to, or the honest absence of one."""
    return f'<a href="mailto:{escape(email)}">{escape(email)}</a>' if email else "adresse à compléter par l’animation du pacte"
