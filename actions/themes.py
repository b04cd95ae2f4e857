"""The sixteen themes of the method guide (Ansa, 2011), which every base begins with; the animator edits the list."""

from actions.enums import ThemeFamily

GUIDE_THEMES = {
    ThemeFamily.SOCIAL: (
        ("Santé", "Mieux coordonner l’existant : mieux-être et accès aux soins"),
        ("Illettrisme et savoirs de base", "Clarifier les interventions de chaque acteur"),
        ("Logement", "Sécuriser accès, sortie d’hébergement et maintien"),
        ("Mobilité", "Compléter l’aide et couvrir les zones blanches"),
        ("NTIC", "Réduire la fracture et s’en servir pour insérer"),
        ("Parentalité et garde d’enfants", "Lever l’obstacle de la garde"),
        ("Droit des femmes et égalité des chances", "Emplois durables et choix diversifiés"),
        ("Surendettement et microcrédit personnel", "Accès au microcrédit garanti"),
        ("Aides individuelles", "Coordonner les aides publiques et caritatives"),
        ("Insertion sociale", "Utilité sociale hors IAE, parcours progressif"),
    ),
    ThemeFamily.PROFESSIONAL: (
        ("Clause d’insertion", "Employer par les marchés publics"),
        ("SIAE", "Prise en charge globale des salariés"),
        ("Formation professionnelle", "Relier moyens régionaux, alternance, VAE et GPEC"),
        ("Sensibilisation des employeurs", "Plan d’action concerté"),
        ("Contrats aidés", "Débouchés vers les secteurs en manque, suivi du CUI"),
        ("Création d’entreprise", "Coordonner l’appui aux indépendants"),
    ),
}


def ensure_themes(model):
    """Add to the table of `model` (Theme, or its state in a migration) the themes that it lacks."""
    for family, themes in GUIDE_THEMES.items():
        for name, aim in themes:
            model.objects.get_or_create(name=name, defaults={"family": family, "aim": aim})
