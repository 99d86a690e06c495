"""Labels of a summary or of key points: `Executive summary`, `Das Wichtigste in Kürze`."""

from __future__ import annotations

LABELS = frozenset((
    "executive summary", "summary", "key points", "key takeaways", "key findings", "key messages",
    "at a glance", "in brief", "highlights", "main points", "takeaways", "recommendations",
    "kurz gefasst", "in kürze", "kernaussagen", "kernpunkte", "zusammenfassung",
    "auf einen blick", "das wichtigste in kürze", "das wichtigste", "empfehlungen",
    "à retenir", "points clés", "l'essentiel", "l’essentiel", "en bref", "résumé",
    "recommandations",
    "ideas clave", "puntos clave", "claves", "resumen", "resumen ejecutivo", "en síntesis",
    "recomendaciones",
    "punti chiave", "in sintesi", "in breve", "sintesi", "raccomandazioni",
    "главное", "ключевые тезисы", "основные выводы", "кратко", "рекомендации", "тезисы",
    "головне", "ключові тези", "стисло", "рекомендації",
    "najważniejsze", "najważniejsze tezy", "tezy", "w skrócie", "rekomendacje",
    "pontos principais", "principais pontos", "pontos centrais", "em resumo", "em destaque",
    "puntos principales", "ideas principales", "en resumen", "en breve", "lo esencial",
    "punti principali", "i punti chiave", "in pillole", "l'essenziale", "in evidenza",
    "l'essentiel en bref", "points principaux", "ce qu'il faut retenir", "messages clés",
    "die wichtigsten punkte", "wichtigste punkte", "zentrale punkte", "das wesentliche",
    "key takeaways", "takeaways", "main points", "key findings", "at a glance", "highlights",
    "коротко", "ключевые выводы", "главные тезисы", "основное", "ключові висновки", "головні тези",
    "kluczowe tezy", "główne tezy", "kluczowe punkty", "główne wnioski",
    "ana noktalar", "öne çıkanlar", "özet", "önemli noktalar", "kısaca", "öneriler",
    "pontos-chave", "ideias-chave", "destaques", "em síntese", "resumo", "recomendações"))
"""Words, in small letters, that stand alone above a summary and are never its text."""

NO_POINTS = frozenset((
    "executive summary", "summary", "recommendations", "zusammenfassung", "empfehlungen", "résumé",
    "recommandations", "resumen", "resumen ejecutivo", "recomendaciones", "raccomandazioni",
    "рекомендации", "рекомендації", "rekomendacje", "özet", "öneriler", "resumo", "recomendações"))
"""Those of them below which a list is no list of key points."""
